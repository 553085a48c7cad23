// What died, of what, and what to do with it.

import { fleetPath, get, link, post, Problem, query } from './api.js';
import { badge, card, confirmed, h, note, say, table } from './dom.js';
import { payload } from './entry.js';
import { count, number, since } from './format.js';

const PAUSE = 300;
const kinds = [['reason,error', 'reason and error'], ['reason', 'reason'], ['channel', 'channel'], ['hour', 'hour'], ['stream', 'stream'], ['consumer', 'consumer']];
const names = { reason: 'reason', error: 'error', channel: 'channel', stream: 'stream', 'newer-than': 'newer than' };

const state = { fleet: '', by: 'reason,error', filter: {}, chosen: new Set(), job: null };

export async function load({ about, values }) {
  const path = fleetPath(about);
  if (state.fleet !== path) {
    Object.assign(state, { fleet: path, filter: {}, chosen: new Set(), job: null });
  }
  const [fleet, groups, list] = await Promise.all([get(path), get(`${path}/dead-letter-groups?${query({ by: state.by })}`), get(`${path}/dead-letters?${query(state.filter)}`)]);
  let letter = null;
  if (values.letter) {
    try {
      letter = await get(`${path}/dead-letters/${encodeURIComponent(values.letter)}`);
    } catch (failure) {
      if (!(failure instanceof Problem) || failure.status !== 404 ) {
        throw failure;
      }
      letter = { id: values.letter, gone: failure.message };
    }
  }
  return { fleet, groups, list, letter };
}

function select(filter, refresh) {
  state.filter = filter;
  state.chosen.clear();
  refresh();
}

const values = (group) => Object.fromEntries(state.by.split(',').filter((it) => it in names && group[it] !== undefined).map((it) => [it, group[it]]));

const isSelected = (group) => {
  const wanted = Object.entries(values(group));
  return wanted.length > 0 && Object.keys(state.filter).length === wanted.length && wanted.every(([name, value]) => state.filter[name] === value);
};

function groupColumns(refresh) {
  const shown = state.by.split(',');
  const choose = (it, text) => (Object.keys(values(it)).length > 0 ? h('button', { type: 'button', class: 'link', 'aria-pressed': isSelected(it) ? 'true' : 'false', on: { click: () => select(isSelected(it) ? {} : values(it), refresh) } }, text) : text);
  return [
    ...shown.map((name) => [name[0].toUpperCase() + name.slice(1), (it) => choose(it, it[name]), 'wrap']),
    ['Letters', (it) => number(it.count), 'n'],
    ['Newest', (it) => since(it.newest), 'n'],
    ['Oldest', (it) => since(it.oldest), 'n'],
  ];
}

const chosen = () => (state.chosen.size > 0 ? { filter: { id: [...state.chosen] } } : Object.keys(state.filter).length > 0 ? { filter: state.filter } : { all: true });

async function run(about, kind, fleet, refresh) {
  const path = `${fleetPath(about)}/dead-letters/${kind}`;
  const order = chosen();
  try {
    const tried = await watched(about, await post(path, { ...order, dry_run: true }), refresh);
    const many = kind === 'replay' ? tried.replayed : tried.purged;
    const body = h('div', null,
      tried.problem ? note('bad', tried.problem) : null,
      h('p', null, kind === 'replay'
        ? `${count(many, 'dead letter becomes a new entry of its stream and is', 'dead letters become new entries of their streams and are')} tried from the first attempt.`
        : `${count(many, 'dead letter is', 'dead letters are')} deleted for good.`),
      tried.refusals.map((it) => note('warn', `${count(it.count, 'letter stays', 'letters stay')}: it ${it.why}`)));
    state.job = null;
    if (many === 0) {
      say(tried.refused > 0 ? `All are refused: ${tried.refusals[0].why}` : 'There is no such dead letter any more.');
    } else if (await confirmed(kind === 'replay' ? 'Replay?' : 'Delete?', body, kind === 'replay' ? `Replay ${number(many)}` : `Delete ${number(many)}`, kind === 'purge')) {
      const done = await watched(about, await post(path, { ...order, dry_run: false }), refresh);
      say(done.problem ? `It failed: ${done.problem}` : kind === 'replay'
        ? `${count(done.replayed, 'dead letter', 'dead letters')} replayed, ${number(done.gone)} already gone, ${number(done.refused)} refused.`
        : `${count(done.purged, 'dead letter', 'dead letters')} deleted.`);
      state.chosen.clear();
    }
  } catch (failure) {
    say(failure.message);
  }
  refresh();
}

/** Follows a job to its end. */
async function watched(about, started, refresh) {
  let job = started;
  while (!job.done) {
    state.job = job;
    refresh();
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    job = await get(`${fleetPath(about)}/jobs/${job.id}`);
  }
  state.job = job.rehearsal ? null : job;
  return job;
}

function progress(job, { about, refresh }) {
  if (!job) {
    return null;
  }
  const what = job.rehearsal ? 'Counting' : job.kind === 'replay' ? 'Replay' : 'Purge';
  return card(job.done ? `${what}: done` : what,
    h('progress', { max: Math.max(1, job.total), value: job.done ? Math.max(1, job.total) : job.looked, 'aria-label': what }),
    h('p', null, `looked at ${number(job.looked)} of ${number(job.total)}; ${job.kind === 'replay' ? `${number(job.replayed)} replayed, ${number(job.gone)} already gone, ${number(job.refused)} refused` : `${number(job.purged)} deleted`}`),
    job.refusals.map((it) => note('warn', `${count(it.count, 'letter stays', 'letters stay')}, such as ${it.example}: it ${it.why}`)),
    job.problem ? note('bad', job.problem) : null,
    job.done ? h('button', { type: 'button', on: { click: () => { state.job = null; refresh(); } } }, 'Close')
      : h('button', { type: 'button', on: { click: () => post(`${fleetPath(about)}/jobs/stop`, { id: job.id }).catch((failure) => say(failure.message)) } }, 'Stop'));
}

function letterColumns(about, me, refresh) {
  const toggle = (it) => (event) => {
    if (event.currentTarget.checked) {
      state.chosen.add(it.id);
    } else {
      state.chosen.delete(it.id);
    }
    refresh();
  };
  return [
    ...(me.changes ? [['', (it) => h('input', { type: 'checkbox', 'aria-label': `select ${it.id}`, checked: state.chosen.has(it.id), on: { change: toggle(it) } }), 'bare']] : []),
    ['Letter', (it) => h('a', { class: 'mono', href: link(about, 'dead-letters', { letter: it.id }) }, it.id)],
    ['Died', (it) => since(it.dead_since), 'n'],
    ['Reason', (it) => badge(it.reason ?? '-', 'bad')],
    ['Error', (it) => it.error ?? '–', 'wrap'],
    ['Channel', (it) => it.channel ?? '–', 'wrap'],
    ['Stream', (it) => it.original_stream ?? '–', 'wrap'],
    ['Attempts', (it) => it.attempt ?? '–', 'n'],
  ];
}

function details(letter, { about }) {
  if (!letter) {
    return null;
  }
  const close = h('a', { href: link(about, 'dead-letters') }, 'Close');
  if (letter.gone) {
    return h('section', { class: 'card', key: 'letter' }, note('warn', letter.gone), close);
  }
  const hidden = ['payload', 'payload_bytes', 'payload_hidden'];
  return h('section', { class: 'card', key: 'letter', 'aria-label': `Dead letter ${letter.id}` },
    h('div', { class: 'head' }, h('h2', null, 'Dead letter ', h('span', { class: 'mono' }, letter.id)), h('span', { class: 'space' }), close),
    h('dl', { class: 'facts' }, Object.entries(letter).filter(([name, value]) => !hidden.includes(name) && name !== 'id' && value !== '').map(([name, value]) => [h('dt', null, name.replaceAll('_', ' ')),
      h('dd', null, name === 'original_msg_id' ? h('a', { href: link(about, 'entry', { what: value }) }, value) : value ?? '–')])),
    payload(letter));
}

export function show({ fleet, groups, list, letter }, place) {
  const { about, me, refresh } = place;
  const many = state.chosen.size > 0 ? state.chosen.size : list.selected;
  const what = state.chosen.size > 0 ? `${number(many)} selected` : Object.keys(state.filter).length > 0 ? `${number(many)} shown` : `all ${number(many)}`;
  const busy = (state.job !== null && !state.job.done) || many === 0 || !fleet.may_change;
  const why = fleet.may_change ? null : 'You may not update this fleet.';
  return h('div', { key: 'letters' },
    groups.length >= groups.max_length * 0.9 && groups.max_length > 0 ? note('warn', `${number(groups.length)} of at most ${number(groups.max_length)}: the oldest are dropped.`) : null,
    progress(state.job, place),
    details(letter, place),
    h('section', { class: 'card', key: 'groups' },
      h('div', { class: 'head' }, h('h2', null, `${count(groups.length, 'dead letter', 'dead letters')}, by cause`), h('span', { class: 'space' }),
        h('label', { class: 'muted' }, 'by ', h('select', { on: { change: (event) => { state.by = event.currentTarget.value; refresh(); } } }, kinds.map(([id, text]) => h('option', { value: id, selected: id === state.by }, text))))),
      table(groupColumns(refresh), groups.groups, { key: (it) => JSON.stringify(Object.values(values(it))) + it.newest_id, selected: isSelected, empty: 'There are none.' }),
      groups.looked < groups.length ? h('p', { class: 'muted' }, `The oldest ${number(groups.looked)} were counted.`) : null),
    h('section', { class: 'card', key: 'list' },
      h('div', { class: 'head' }, h('h2', null, 'Letters, the newest first'),
        h('span', { class: 'space' }),
        me.changes ? [
          h('button', { type: 'button', key: 'replay', class: 'main', disabled: busy, title: why, on: { click: () => run(about, 'replay', fleet, refresh) } }, `Replay ${what}…`),
          h('button', { type: 'button', key: 'purge', class: 'danger', disabled: busy, title: why, on: { click: () => run(about, 'purge', fleet, refresh) } }, `Delete ${what}…`)] : null),
      Object.keys(state.filter).length > 0 ? h('div', { class: 'head', key: 'filters' },
        Object.entries(state.filter).map(([name, value]) => h('button', { type: 'button', 'aria-label': `remove the filter ${names[name]}`, on: { click: () => select(Object.fromEntries(Object.entries(state.filter).filter(([other]) => other !== name)), refresh) } }, `${names[name]}: ${value.length > 40 ? `${value.slice(0, 39)}…` : value} ✕`))) : null,
      h('form', { class: 'form', on: { submit: (event) => {
        event.preventDefault();
        const fields = event.currentTarget.elements;
        select({ ...state.filter, ...Object.fromEntries(['channel', 'newer-than'].map((it) => [it, fields[it].value.trim()]).filter(([, value]) => value)) }, refresh);
      } } },
        h('label', null, 'Channel', h('input', { type: 'search', name: 'channel', autocomplete: 'off' })),
        h('label', null, 'Newer than', h('input', { name: 'newer-than', placeholder: '1h', size: '6', pattern: '[0-9]+[smhd]', autocomplete: 'off' })),
        h('button', { type: 'submit' }, 'Filter')),
      table(letterColumns(about, me, refresh), list.letters, { key: (it) => it.id, selected: (it) => it.id === letter?.id, empty: 'There is none.' }),
      list.selected > list.letters.length ? h('p', { class: 'muted' }, `The newest ${number(list.letters.length)} of ${number(list.selected)}.`) : null));
}
