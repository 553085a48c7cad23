// One fleet: how late it is, what holds it back, and who works on it.

import { fleetPath, get, link, post, Problem } from './api.js';
import { badge, card, confirmed, h, note, say, table } from './dom.js';
import { readiness, told, trouble } from './fleets.js';
import { age, count, number, rate, since, trend } from './format.js';
import { plot } from './plot.js';

export async function load({ about }) {
  const path = fleetPath(about);
  const [fleet, events, inFlight] = await Promise.all([get(path), optional(`${path}/events`), optional(`${path}/in-flight`)]);
  return { fleet, events, inFlight };
}

/** A part of the screen that may fail alone. */
async function optional(path) {
  try {
    return await get(path);
  } catch (failure) {
    if (failure instanceof Problem && failure.status !== 401 && failure.status !== 404) {
      return { problem: failure.message };
    }
    throw failure;
  }
}

async function pause(about, what, paused, refresh) {
  const name = what === '' ? about.name : what;
  const text = paused
    ? 'Workers stop taking in entries within seconds. What is in flight is finished, and nothing is lost.'
    : 'Workers take in entries again within seconds.';
  if (await confirmed(`${paused ? 'Pause' : 'Resume'} ${name}?`, h('p', null, text), paused ? 'Pause' : 'Resume')) {
    try {
      await post(`${fleetPath(about)}/${paused ? 'pause' : 'resume'}`, { what });
      say(`${name} is ${paused ? 'paused' : 'resumed'}.`);
    } catch (failure) {
      say(failure.message);
    }
    refresh();
  }
}

function controls(fleet, { about, me, refresh }) {
  if (!me.changes) {
    return null;
  }
  const button = (what, label, paused) =>
    h('button', { type: 'button', key: `pause ${what}`, disabled: !fleet.may_change, title: fleet.may_change ? null : 'You may not update this fleet.', on: { click: () => pause(about, what, !paused, refresh) } }, `${paused ? 'Resume' : 'Pause'} ${label}`);
  return [
    fleet.inbound?.declared ? button('inbound', 'inbound', fleet.inbound.paused) : null,
    fleet.outbound?.declared ? button('outbound', 'outbound', fleet.outbound.paused) : null,
    fleet.outbound?.declared && !fleet.outbound.paused && fleet.outbound.platforms.length > 1
      ? fleet.outbound.platforms.map((it) => button(it.name, it.name, it.paused)) : null,
  ];
}

const tile = (label, value, more, kind) =>
  h('div', { class: kind ? `tile ${kind}` : 'tile' }, h('div', { class: 'label' }, label), h('div', { class: 'value' }, value), more ? h('div', { class: 'more' }, more) : null);

function tiles(fleet) {
  const pods = fleet.pods;
  const ready = pods.filter((it) => it.state === 'ready').length;
  const running = pods.reduce((longest, it) => Math.max(longest, it.longest_running_seconds ?? 0), 0);
  return h('div', { class: 'tiles', key: 'tiles' },
    tile('Late', age(fleet.late_seconds), 'oldest unread entry', fleet.late_seconds > 60 ? 'bad' : null),
    tile('Lag', number(fleet.lag), trend(fleet.trend_per_second)),
    tile('Pending', number(fleet.pending), 'with workers'),
    tile('Workers', pods.length > 0 ? `${ready} of ${pods.length}` : fleet.workers ?? '–', 'ready', pods.length > 0 && ready < pods.length ? 'warn' : null),
    tile('Longest handler', running > 0 ? age(running) : 'none', 'running now', running > 300 ? 'warn' : null),
    tile('Dead letters', h('a', { href: link(fleet, 'dead-letters') }, number(fleet.dead_letters)), fleet.dead_letter_stream, fleet.dead_letters > 0 ? 'warn' : null));
}

const seconds = (value) => (value === 0 ? '0' : age(value));

function plots({ history }) {
  return h('div', { class: 'plots', key: 'plots' },
    plot('Throughput', history.at, [['acknowledged per second', history.rate]], rate),
    plot('Handler latency', history.at, [['half below', history.p50], ['99% below', history.p99]], seconds),
    plot('Lag', history.at, [['unread entries', history.lag]], rate),
    plot('Late', history.at, [['oldest unread entry', history.late]], seconds));
}

const streams = [
  ['Stream', (it) => it.stream, 'wrap'],
  ['Group', (it) => it.group],
  ['Late', (it) => age(it.late_seconds), 'n'],
  ['Lag', (it) => number(it.lag), 'n'],
  ['Trend', (it) => (it.trend === 'unknown' ? '–' : trend(it.trend === 'shrinking' ? -it.trend_per_second : it.trend === 'growing' ? it.trend_per_second : 0)), 'n'],
  ['Pending', (it) => number(it.pending), 'n'],
  ['Length', (it) => number(it.length), 'n'],
  ['Consumers', (it) => `${it.workers} of ${it.consumers} call`, 'n'],
];

const held = (about) => [
  ...streams,
  ['Held back by', (it) => (it.held_back_by.length === 0 ? 'nothing' : it.held_back_by.map((reason, i) => [i > 0 ? '; ' : '', /^entry \d/.test(reason) && it.oldest_pending_id
    ? h('a', { href: link(about, 'entry', { what: it.oldest_pending_id }) }, told(reason)) : reason])), 'wrap'],
];

/** A row for each worker, and one for what nobody has. */
function owners({ stream, partitions }) {
  const named = (numbers, lag, worker) => ({ stream, worker, numbers, lag });
  const lags = partitions.partitions.filter((it) => it.owner === null).map((it) => it.lag);
  const without = partitions.without_owner;
  return [
    ...(without.length > 0 ? [named(without, lags.includes(null) ? null : lags.reduce((sum, it) => sum + it, 0), null)] : []),
    ...partitions.owners.map((it) => named(it.partitions, it.lag, it.worker)),
  ];
}

const owned = [
  ['Stream', (it) => it.stream, 'wrap'],
  ['Worker', (it) => (it.worker === null ? badge('none', 'bad') : it.worker), 'wrap'],
  ['Partitions', (it) => number(it.numbers.length), 'n'],
  ['Which', (it) => it.numbers.join(' ') || '–', 'wrap'],
  ['Lag', (it) => number(it.lag), 'n'],
];

function partitions({ groups }) {
  const split = groups.filter((it) => it.partitions !== null);
  return split.length === 0 ? null : card('Partitions',
    split.filter((it) => it.partitions.unknown).map((it) => note('warn', `Redis does not tell who has the partitions of ${it.stream}: ${it.partitions.unknown}`)),
    table(owned, split.flatMap(owners), { key: (it) => `${it.stream} ${it.worker}` }));
}

const workers = [
  ['Pod', (it) => it.pod, 'wrap'],
  ['State', (it) => h('span', { class: 'state' }, badge(it.state, it.state === 'ready' ? 'good' : 'warn'), it.draining ? badge('draining', 'warn') : null, it.trial ? badge('tries suspects', 'warn') : null)],
  ['In flight', (it) => (it.answers ? `${number(it.in_flight)} of ${number(it.in_flight_limit)}` : 'no answer'), 'n'],
  ['Parked', (it) => number(it.parked), 'n'],
  ['Retries', (it) => number(it.retries), 'n'],
  ['Limited', (it) => number(it.limited), 'n'],
  ['Longest handler', (it) => (it.longest_running_seconds > 0 ? age(it.longest_running_seconds) : it.answers ? 'none' : '–'), 'n'],
  ['Restarts', (it) => number(it.restarts), 'n'],
  ['Settings', (it) => [h('span', { class: 'mono' }, it.settings ?? '–'), it.settings_refused ? [' ', badge('refuses a newer one', 'bad')] : null]],
];

const endpoints = [
  ['Endpoint', (it) => it.endpoint, 'wrap'],
  ['Breaker', (it) => (it.open > 0 ? badge(`open at ${it.open} of ${it.workers}`, 'bad') : badge('closed', 'good'))],
  ['Opened: unavailable', (it) => number(it.opened_unavailable), 'n'],
  ['Opened: failing', (it) => number(it.opened_failing), 'n'],
];

const shownLimits = ['rate', 'burst', 'per', 'concurrency'];

function limits(fleet) {
  return ['inbound', 'outbound']
    .filter((it) => shownLimits.some((name) => name !== 'per' && fleet[it]?.limits?.[name] !== undefined))
    .map((it) => ({ direction: it, limits: shownLimits.filter((name) => name in fleet[it].limits).map((name) => `${name} ${fleet[it].limits[name]}`).join(', '),
      waiting: Object.entries(fleet.limited).filter(([loop]) => loop.startsWith(it)).reduce((sum, [, value]) => sum + value, 0) }));
}

const running = (about) => [
  ['Entry', (it) => h('a', { href: link(about, 'entry', { what: it.id }), class: 'mono' }, it.id)],
  ['State', (it) => it.state],
  ['Handled for', (it) => (it.handled_ms === undefined ? '–' : age(it.handled_ms / 1000)), 'n'],
  ['In flight for', (it) => age(it.in_flight_ms / 1000), 'n'],
  ['Attempt', (it) => number(it.attempt), 'n'],
  ['Consumer', (it) => it.consumer, 'wrap'],
];

const happened = [
  ['Ago', (it) => since(it.at)],
  ['Reason', (it) => badge(it.reason, it.type === 'Warning' ? 'warn' : null)],
  ['Message', (it) => [it.message, it.count > 1 ? h('span', { class: 'muted' }, ` (${number(it.count)} times)`) : null], 'wrap'],
];

/** The status says how many workers run which version. */
const settingsNames = { version: 'Version', workers: 'Workers with it', otherWorkers: 'Workers with another', refusing: 'Workers that refuse it' };

function settings(fleet) {
  const told = fleet.settings ?? {};
  const versions = new Set(fleet.pods.map((it) => it.settings).filter(Boolean));
  return card('Settings',
    versions.size > 1 ? note('warn', `Workers run with ${versions.size} versions of the settings; the table of workers says which.`) : null,
    h('dl', { class: 'facts' },
      h('dt', null, 'Generation'), h('dd', null, number(fleet.generation)),
      Object.entries(told).filter(([, value]) => typeof value !== 'object').map(([name, value]) => [h('dt', null, settingsNames[name] ?? name), h('dd', null, String(value))])));
}

/** A way to what is stuck, where that is what is wrong. */
function stuck(fleet, about) {
  const group = fleet.groups.find((it) => it.held_back_by[0]?.startsWith(`entry ${it.oldest_pending_id} `));
  return group && trouble(fleet) === told(group.held_back_by[0]) ? [' ', h('a', { href: link(about, 'entry', { what: group.oldest_pending_id }) }, 'Why?')] : null;
}

export function show({ fleet, events, inFlight }, place) {
  const wrong = trouble(fleet);
  const limited = limits(fleet);
  return h('div', { key: 'fleet' },
    h('div', { class: 'head' },
      readiness(fleet), fleet.paused ? badge(`paused: ${fleet.paused}`, 'warn') : null,
      h('span', { class: 'space' }), controls(fleet, place)),
    wrong ? note(fleet.problem || fleet.ready !== 'True' ? 'bad' : 'warn', wrong, stuck(fleet, place.about)) : null,
    tiles(fleet),
    plots(fleet),
    card('Streams', table(held(place.about), fleet.groups, { key: (it) => it.stream + it.group, empty: 'Redis has not told anything yet.' })),
    partitions(fleet),
    card('Workers', table(workers, fleet.pods, { key: (it) => it.pod, empty: 'No pod is known yet.' })),
    h('div', { class: 'two' },
      card('Endpoints', table(endpoints, fleet.endpoints, { key: (it) => it.endpoint, empty: 'No worker has told of one yet.' }),
        limited.length > 0 ? [h('h2', null, 'Limits'), table([['Direction', (it) => it.direction], ['Limits', (it) => it.limits, 'wrap'], ['Waiting', (it) => number(it.waiting), 'n']], limited)] : null),
      settings(fleet)),
    card('Running longest', inFlight.problem ? note('warn', inFlight.problem) : [
      inFlight.silent_workers > 0 ? note('warn', `${count(inFlight.silent_workers, 'worker does', 'workers do')} not answer.`) : null,
      table(running(place.about), inFlight.entries.slice(0, 10), { key: (it) => it.id + it.stream, empty: 'Nothing is in flight.' })]),
    card('Events', events.problem ? note('warn', events.problem) : table(happened, events.events.slice(0, 20), { empty: 'There is none.' })));
}
