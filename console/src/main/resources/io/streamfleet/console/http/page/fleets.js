// All fleets at a glance.

import { get, link } from './api.js';
import { badge, h, note, table } from './dom.js';
import { age, count, number, trend } from './format.js';
import { spark } from './plot.js';

let search = '';

export const load = () => get('fleets');

export const readiness = (fleet) => (fleet.ready === 'True' ? badge('ready', 'good') : badge(fleet.reason ?? 'not ready', 'bad'));

/** What is wrong, in one line; nothing where all is well. */
export const trouble = (fleet) => fleet.problem ?? fleet.writes_refused ?? (fleet.ready === 'True' ? null : fleet.message) ?? told(fleet.held_back_by?.[0]) ?? null;

/** Without the command that a terminal would need. */
export const told = (reason) => reason?.replace(/; `why.*$/, '');

const late = (seconds) => h('span', { class: seconds > 60 ? 'text-bad' : null }, age(seconds));

const columns = [
  ['Fleet', (it) => h('a', { href: link(it) }, it.name, ' ', h('span', { class: 'muted below' }, it.namespace))],
  ['State', (it) => h('span', { class: 'state' }, readiness(it), it.paused ? badge(`paused: ${it.paused}`, 'warn') : null)],
  ['Workers', (it) => it.workers ?? '–', 'n'],
  ['Late', (it) => late(it.late_seconds), 'n'],
  ['Lag', (it) => number(it.lag), 'n'],
  ['Trend', (it) => trend(it.trend_per_second), 'n'],
  ['Pending', (it) => number(it.pending), 'n'],
  ['Dead letters', (it) => (it.dead_letters > 0 ? h('a', { href: link(it, 'dead-letters') }, number(it.dead_letters)) : number(it.dead_letters)), 'n'],
  ['Lag, last minutes', (it) => spark(it.history.at, it.history.lag, `lag of ${it.name}`)],
  ['Held back by', (it) => trouble(it) ?? '', 'wrap'],
];

export function show(data, { refresh }) {
  const wanted = data.fleets.filter((it) => `${it.namespace}/${it.name}`.toLowerCase().includes(search.toLowerCase()));
  // Those that need somebody come first.
  wanted.sort((a, b) => Number(trouble(b) !== null) - Number(trouble(a) !== null) || (b.late_seconds ?? 0) - (a.late_seconds ?? 0));
  const troubled = data.fleets.filter((it) => trouble(it) !== null).length;
  return h('div', { key: 'fleets' },
    h('div', { class: 'head' },
      h('h1', null, 'Fleets'),
      data.fleets.length > 0 ? (troubled > 0 ? badge(`${count(troubled, 'needs', 'need')} a look`, 'warn') : badge('all is well', 'good')) : null,
      h('span', { class: 'space' }),
      data.fleets.length > 5 ? h('input', { type: 'search', placeholder: 'Search fleets', 'aria-label': 'Search fleets', on: { input: (event) => { search = event.currentTarget.value; refresh(); } } }) : null),
    data.problem ? note('bad', `This list may be old: ${data.problem}`) : null,
    h('div', { class: 'card' }, table(columns, wanted, {
      key: (it) => `${it.namespace}/${it.name}`,
      empty: data.fleets.length > 0 ? 'No fleet has such a name.' : 'There is no fleet that you may see.',
    })));
}
