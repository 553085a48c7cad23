// Elements from data. Whatever comes from Redis or a cluster becomes a text node or an attribute's value, never markup.

const SVG = 'http://www.w3.org/2000/svg';

const dispatch = (event) => event.currentTarget.handlers?.[event.type]?.(event);

function make(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) {
      continue;
    }
    if (name === 'on') {
      element.handlers = value;
      Object.keys(value).forEach((type) => element.addEventListener(type, dispatch));
    } else if (name === 'checked') {
      element.checked = value;
    } else if (name === 'href' && !String(value).startsWith('#')) {
      throw new Error('only links inside the console');
    } else {
      element.setAttribute(name, value === true ? '' : String(value));
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) {
      element.append(child instanceof Node ? child : String(child));
    }
  }
  return element;
}

/** An element: its attributes, handlers under `on`, a `key` among its siblings, and its children. */
export const h = (tag, props, ...children) => make(document.createElement(tag), props, children);

/** The same of a drawing. */
export const s = (tag, props, ...children) => make(document.createElementNS(SVG, tag), props, children);

/** Makes what is shown like what is wanted, and leaves alone what is the same: focus, scrolling and input stay. */
export function update(shown, wanted) {
  const old = [...shown.childNodes];
  const keyed = new Map(old.filter(keyOf).map((node) => [keyOf(node), node]));
  let at = 0;
  for (const next of [...wanted.childNodes]) {
    const key = keyOf(next);
    let match = key ? keyed.get(key) : old[at];
    if (match && (!match.isConnected || match.parentNode !== shown || match.nodeName !== next.nodeName || (!key && keyOf(match)))) {
      match = undefined;
    }
    const place = shown.childNodes[at] ?? null;
    if (match) {
      if (match !== place) {
        shown.insertBefore(match, place);
      }
      same(match, next);
    } else {
      shown.insertBefore(next, place);
    }
    at++;
  }
  while (shown.childNodes.length > at) {
    shown.lastChild.remove();
  }
}

const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE ? node.getAttribute('key') : null);

function same(shown, next) {
  if (shown.nodeType !== Node.ELEMENT_NODE) {
    if (shown.nodeValue !== next.nodeValue) {
      shown.nodeValue = next.nodeValue;
    }
    return;
  }
  for (const { name } of [...shown.attributes]) {
    // Whether details are open is up to the user.
    if (!next.hasAttribute(name) && name !== 'open') {
      shown.removeAttribute(name);
    }
  }
  for (const { name, value } of [...next.attributes]) {
    if (shown.getAttribute(name) !== value && name !== 'open') {
      shown.setAttribute(name, value);
    }
  }
  if (shown.type === 'checkbox') {
    shown.checked = next.checked;
  }
  if (next.handlers) {
    Object.keys(next.handlers).forEach((type) => {
      if (!shown.handlers?.[type]) {
        shown.addEventListener(type, dispatch);
      }
    });
  }
  shown.handlers = next.handlers;
  update(shown, next);
}

/** A table that becomes a list on a phone. Columns: name, cell of a row, class. */
export function table(columns, rows, { key, on, selected, empty } = {}) {
  if (rows.length === 0) {
    return h('p', { class: 'muted' }, empty ?? 'nothing');
  }
  return h('div', { class: 'scroll' },
    h('table', { class: 'rows' },
      h('thead', null, h('tr', null, columns.map(([name, , kind]) => h('th', { class: kind, scope: 'col' }, name)))),
      h('tbody', null, rows.map((row) =>
        h('tr', { key: key?.(row), class: selected?.(row) ? 'on' : null, on: on?.(row) },
          columns.map(([name, cell, kind], i) =>
            h('td', { class: [kind, i === 0 ? 'first' : ''].filter(Boolean).join(' ') || null, 'data-label': name }, cell(row))))))));
}

export const badge = (text, kind) => h('span', { class: kind ? `badge ${kind}` : 'badge' }, text);

export const note = (kind, ...text) => h('p', { class: `note ${kind}`, role: kind === 'bad' ? 'alert' : null }, text);

export const card = (title, ...content) => h('section', { class: 'card', key: `card ${title}` }, h('h2', null, title), content);

/** Asks before something is changed; resolves to whether it is wanted. */
export function confirmed(title, body, verb, danger) {
  return new Promise((resolve) => {
    const end = (answer) => () => {
      resolve(answer);
      dialog.close();
    };
    const dialog = h('dialog', { 'aria-label': title, on: { close: () => { resolve(false); dialog.remove(); } } },
      h('h2', null, title), body,
      h('div', { class: 'buttons' },
        h('button', { type: 'button', on: { click: end(false) } }, 'Cancel'),
        h('button', { type: 'button', class: danger ? 'danger' : 'main', on: { click: end(true) } }, verb)));
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Tells something for some seconds. */
export function say(text) {
  const said = h('p', null, text);
  document.getElementById('said').append(said);
  setTimeout(() => said.remove(), 8000);
}
