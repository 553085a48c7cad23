// Which channels wait, and who holds them.

import { fleetPath, get, link, query } from './api.js';
import { badge, card, h, note, table } from './dom.js';
import { age, number } from './format.js';

const state = { by: 'backlog', search: '' };

export const load = ({ about }) => get(`${fleetPath(about)}/channels?${query(state)}`);

const columns = (about) => [
  ['Channel', (it) => h('a', { href: link(about, 'entry', { what: it.channel, channel: 1 }) }, it.channel), 'wrap'],
  ['Stream', (it) => it.stream, 'wrap'],
  ['Unread', (it) => number(it.unread), 'n'],
  ['Pending', (it) => number(it.pending), 'n'],
  ['Oldest pending', (it) => h('span', { class: it.oldest_pending_seconds > 60 ? 'text-bad' : null }, age(it.oldest_pending_seconds)), 'n'],
  ['Held by', (it) => it.held_by ?? '–', 'wrap'],
];

const consumers = (about) => [
  ['Consumer', (it) => it.consumer, 'wrap'],
  ['State', (it) => (it.alive ? badge('reads', 'good') : badge('gone', it.pending > 0 ? 'bad' : null))],
  ['Stream', (it) => it.stream, 'wrap'],
  ['Pending', (it) => number(it.pending), 'n'],
  ['Oldest', (it) => (it.oldest_id ? h('a', { href: link(about, 'entry', { what: it.oldest_id }) }, age(it.oldest_seconds)) : '–'), 'n'],
  ['Last call', (it) => age(it.idle_seconds), 'n'],
];

export function show(data, { about, refresh }) {
  return h('div', { key: 'channels' },
    h('form', { class: 'form', on: { submit: (event) => event.preventDefault() } },
      h('label', null, 'Channel', h('input', { type: 'search', name: 'search', placeholder: 'Part of a name', on: { input: (event) => { state.search = event.currentTarget.value; refresh(); } } })),
      h('label', null, 'First come those with', h('select', { name: 'by', on: { change: (event) => { state.by = event.currentTarget.value; refresh(); } } },
        [['backlog', 'most entries'], ['pending', 'most pending entries'], ['oldest', 'the oldest pending entry']].map(([id, text]) => h('option', { value: id, selected: id === state.by }, text))))),
    data.looked >= data.sample ? note('warn', `Of a long backlog only the beginning is read: ${number(data.looked)} entries were looked at.`) : null,
    card('Channels', table(columns(about), data.channels, { key: (it) => it.channel + ' ' + it.stream, empty: data.channels_met > 0 ? 'No channel has such a name.' : 'Nothing waits.' })),
    card('Consumers', table(consumers(about), data.consumers, { key: (it) => it.consumer + ' ' + it.stream, empty: 'The group has no consumer.' })));
}
