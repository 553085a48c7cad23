// Where an entry or a channel is, and what happens to it next.

import { fleetPath, get, link, post, query } from './api.js';
import { badge, card, confirmed, h, note, say, table } from './dom.js';
import { number, since } from './format.js';

const isId = (text) => /^\d{1,20}-\d{1,20}$/.test(text);

export async function load({ about, values }) {
  const path = fleetPath(about);
  if (values.trace) {
    return { found: await get(`${path}/find?${query({ kind: 'trace', value: values.trace })}`) };
  }
  if (!values.what) {
    return {};
  }
  const channel = values.channel === '1' || !isId(values.what);
  const fleet = await get(path);
  const told = await get(`${path}/why?${query({ what: values.what, channel: channel ? 1 : '' })}`);
  const found = values.all ? await get(`${path}/find?${query({ kind: channel ? 'channel' : 'id', value: values.what })}`) : null;
  return { fleet, told, found };
}

const tone = { pending: 'warn', unread: 'warn', waiting_for_retry: 'warn', waiting_for_claim: 'bad', waiting_for_channel: 'warn', settled: 'good', dead_lettered: 'bad' };

async function cancel(about, answer, refresh) {
  const text = 'Its handler is interrupted. The entry is acknowledged, and not handled again.';
  if (await confirmed(`Cancel entry ${answer.entry}?`, h('p', null, text), 'Cancel the entry', true)) {
    try {
      await post(`${fleetPath(about)}/cancel`, { stream: answer.stream, entry: answer.entry });
      say('The workers were told.');
    } catch (failure) {
      say(failure.message);
    }
    refresh();
  }
}

function fact(about, { name, value }) {
  if (name === 'channel') {
    return h('a', { href: link(about, 'entry', { what: value, channel: 1, all: 1 }) }, value);
  }
  if (name === 'dead letter') {
    return h('a', { href: link(about, 'dead-letters', { letter: value }) }, value);
  }
  if (name === 'trace') {
    return h('a', { href: link(about, 'entry', { trace: value }) }, value);
  }
  return value;
}

/** A payload, or why it is not shown. */
export function payload(it) {
  if (it.payload_bytes === undefined) {
    return null;
  }
  return [h('h2', null, `Payload, ${number(it.payload_bytes)} bytes`),
    it.payload === undefined ? h('p', { class: 'muted' }, it.payload_hidden) : h('pre', { tabindex: '0' }, JSON.stringify(it.payload, null, 2))];
}

function answered(answer, fleet, { about, me, refresh }) {
  const waits = ['pending', 'waiting_for_retry', 'waiting_for_channel'].includes(answer.state);
  return h('section', { class: 'card', key: answer.stream },
    h('div', { class: 'head' },
      h('h2', null, 'Entry ', h('span', { class: 'mono' }, answer.entry)), badge(answer.state.replaceAll('_', ' '), tone[answer.state]),
      h('span', { class: 'space' }),
      waits && me.changes && fleet.may_change ? h('button', { type: 'button', class: 'danger', on: { click: () => cancel(about, answer, refresh) } }, 'Cancel this entry…') : null),
    h('dl', { class: 'facts' }, answer.facts.filter((it) => it.name !== 'entry').map((it) => [h('dt', null, it.name), h('dd', null, fact(about, it))])),
    answer.fields?.length > 0 ? h('details', null, h('summary', null, 'Fields of the entry'),
      h('dl', { class: 'facts' }, answer.fields.map((it) => [h('dt', null, it.name), h('dd', null, it.value)]))) : null,
    payload(answer));
}

const hits = (about) => [
  ['Entry', (it) => h('a', { class: 'mono', href: it.state === 'dead' ? link(about, 'dead-letters', { letter: it.id }) : link(about, 'entry', { what: it.id }) }, it.id)],
  ['Ago', (it) => since(it.published), 'n'],
  ['State', (it) => badge(it.state, { dead: 'bad', settled: 'good' }[it.state] ?? 'warn')],
  ['Stream', (it) => it.where, 'wrap'],
  ['Channel', (it) => it.channel ?? '–', 'wrap'],
  ['Trace', (it) => it.trace ?? '–', 'wrap'],
  ['Bytes', (it) => number(it.payload_bytes), 'n'],
];

export function show(data, place) {
  const { about, values } = place;
  const submit = (event) => {
    event.preventDefault();
    const what = event.currentTarget.elements.what.value.trim();
    const kind = event.currentTarget.elements.kind.value;
    if (what) {
      location.hash = link(about, 'entry', kind === 'trace' ? { trace: what } : { what, channel: kind === 'channel' ? 1 : '' });
    }
  };
  const subject = values.trace ?? values.what ?? '';
  const kind = values.trace ? 'trace' : values.channel === '1' ? 'channel' : 'entry';
  return h('div', { key: `entry ${kind} ${subject}` },
    h('form', { class: 'form', on: { submit } },
      h('label', null, 'Find', h('select', { name: 'kind' }, [['entry', 'an entry by its id'], ['channel', 'a channel'], ['trace', 'a trace']].map(([id, text]) => h('option', { value: id, selected: id === kind }, text)))),
      h('label', null, 'Id or name', h('input', { type: 'search', name: 'what', value: subject, required: true, autocomplete: 'off', spellcheck: 'false' })),
      h('button', { class: 'main', type: 'submit' }, 'Find')),
    subject === '' ? h('p', { class: 'muted' }, 'Where is a message, who has it, what does it wait for, and what happens next? Give the id of an entry, a channel or a trace.') : null,
    data.told && kind === 'channel' && data.told.answers.length > 0 ? h('p', null, 'The oldest entry of channel ', h('b', null, values.what), ' that waits:') : null,
    data.told?.answers.map((it) => answered(it, data.fleet, place)),
    data.told && data.told.answers.length === 0 ? note('warn', data.told.is_channel
      ? 'Nothing of this channel waits, as far as was looked: some thousands of pending and unread entries of each stream.'
      : 'No stream of this fleet has such an entry, and no dead letter came of it: it was trimmed after it was handled, or never was there.') : null,
    data.told && !data.found && kind === 'channel' ? h('p', null, h('a', { href: link(about, 'entry', { what: values.what, channel: 1, all: 1 }) }, 'Search all entries of this channel')) : null,
    data.found ? card('Found', table(hits(about), data.found.hits, { key: (it) => it.where + it.id, empty: 'Nothing was found.' }),
      h('p', { class: 'muted' }, `${number(data.found.looked)} entries were looked at, the oldest first.${data.found.more ? ' There are more: the command find looks at all of them.' : ''}`)) : null);
}
