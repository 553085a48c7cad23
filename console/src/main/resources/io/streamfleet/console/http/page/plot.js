// Lines over time, as small drawings.

import { h, s } from './dom.js';
import { clock } from './format.js';

const WIDTH = 300;
const HEIGHT = 125;
const LEFT = 54;
const BOTTOM = 20;
const TOP = 8;

function ceiling(value) {
  if (!(value > 0)) {
    return 1;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value);
}

/** Pieces of a line without what is unknown in between. */
function path(at, values, x, y) {
  let d = '';
  let drawing = false;
  values.forEach((value, i) => {
    if (value === null || value === undefined) {
      drawing = false;
      return;
    }
    d += `${drawing ? 'L' : 'M'}${x(at[i]).toFixed(1)} ${y(value).toFixed(1)}`;
    drawing = true;
  });
  return d;
}

const known = (values) => values.filter((value) => value !== null && value !== undefined);

const last = (values) => known(values).at(-1);

/** A plot with its axis: one line, or two. Each is [name, values]; `format` writes a value. */
export function plot(title, at, lines, format) {
  const all = lines.flatMap(([, values]) => known(values));
  const top = ceiling(Math.max(0, ...all));
  const begin = at[0] ?? 0;
  const end = Math.max(at.at(-1) ?? 1, begin + 1);
  const x = (time) => LEFT + ((time - begin) / (end - begin)) * (WIDTH - LEFT - 6);
  const y = (value) => HEIGHT - BOTTOM - (value / top) * (HEIGHT - BOTTOM - TOP);
  const said = lines.map(([name, values]) => `${name} ${last(values) === undefined ? 'unknown' : format(last(values))}`).join(', ');
  return h('section', { class: 'card', key: `plot ${title}` },
    h('h2', null, title),
    s('svg', { class: 'plot', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${title}: now ${said}` },
      [0, 0.5, 1].map((part) => [
        s('line', { class: 'grid', x1: LEFT, x2: WIDTH - 6, y1: y(top * part), y2: y(top * part) }),
        s('text', { x: LEFT - 6, y: y(top * part) + 4, 'text-anchor': 'end' }, format(top * part)),
      ]),
      at.length > 1 ? [
        s('text', { x: LEFT, y: HEIGHT - 4 }, clock(begin)),
        s('text', { x: WIDTH - 6, y: HEIGHT - 4, 'text-anchor': 'end' }, clock(end)),
      ] : null,
      lines.map(([, values], i) => s('path', { class: i === 0 ? 'line' : 'line second', d: path(at, values, x, y) })),
      lines.map(([, values], i) => {
        const value = last(values);
        const when = at[values.findLastIndex((it) => it !== null && it !== undefined)];
        return value === undefined ? null : s('circle', { class: i === 0 ? 'dot' : 'dot second', r: 2.8, cx: x(when), cy: y(value) });
      })),
    h('div', { class: 'legend' }, lines.map(([name, values], i) =>
      h('span', null, h('span', { class: i === 0 ? 'key' : 'key second' }), `${name} `, h('b', null, last(values) === undefined ? 'not known' : format(last(values)))))));
}

/** The same in a cell of a table, without an axis. */
export function spark(at, values, label) {
  if (known(values).length < 2) {
    return null;
  }
  const top = Math.max(1, ...known(values));
  const begin = at[0];
  const end = Math.max(at.at(-1), begin + 1);
  const x = (time) => 1 + ((time - begin) / (end - begin)) * 88;
  const y = (value) => 22 - (value / top) * 20;
  const d = path(at, values, x, y);
  return s('svg', { class: 'plot spark', viewBox: '0 0 90 24', role: 'img', 'aria-label': label },
    s('path', { class: 'area', d: `${d}L89 23L1 23Z` }), s('path', { class: 'line', d }));
}
