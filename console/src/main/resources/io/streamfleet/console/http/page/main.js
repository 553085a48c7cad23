// Which screen is shown, and when it is read again.

import { get, isSignedIn, link, Problem, signIn } from './api.js';
import { h, note, update } from './dom.js';
import * as channels from './channels.js';
import * as entry from './entry.js';
import * as fleet from './fleet.js';
import * as fleets from './fleets.js';
import * as letters from './letters.js';
import * as signin from './signin.js';

const PERIOD = 2000;
const main = document.getElementById('main');
const top = document.getElementById('top');

const tabs = [['', 'Overview', fleet], ['channels', 'Channels', channels], ['entry', 'Entries', entry], ['dead-letters', 'Dead letters', letters]];

let me = null;
let about = null;
let turn = 0;
let shownScreen = null;
let timer = 0;

/** The screen that the address names, with what it is about. */
function place() {
  const [path, parameters] = location.hash.replace(/^#\/?/, '').split('?', 2);
  const [first, namespace, name, tab] = path.split('/').map(decodeURIComponent);
  const values = Object.fromEntries(new URLSearchParams(parameters ?? ''));
  if (first === 'fleet' && namespace && name) {
    const screen = (tabs.find(([id]) => id === (tab ?? '')) ?? tabs[0])[2];
    return { screen, tab: tab ?? '', about: { namespace, name }, values, id: `${namespace}/${name}/${tab ?? ''}` };
  }
  return { screen: fleets, values, id: 'fleets' };
}

async function known() {
  about ??= await get('about');
  if (about.access === 'token' && !isSignedIn()) {
    throw new Problem(401, 'Sign in first.');
  }
  me ??= await get('me');
}

/** Reads the screen and shows it; a screen calls it after something was changed. */
export async function refresh() {
  clearTimeout(timer);
  const mine = ++turn;
  const here = place();
  let content;
  try {
    await known();
    const data = await here.screen.load(here);
    content = [here.screen.show(data, { ...here, me, refresh })];
  } catch (failure) {
    if (!(failure instanceof Problem)) {
      throw failure;
    }
    content = failed(failure, here);
  }
  if (mine !== turn) {
    return;
  }
  render(here, content);
  if (!document.hidden) {
    timer = setTimeout(refresh, PERIOD);
  }
}

function failed(failure, here) {
  if (failure.status === 401) {
    me = null;
    return [signin.show(about, isSignedIn() ? 'This token is not valid any more, or never was.' : null, refresh)];
  }
  // What was seen last stays, with a note that it is old.
  const old = here.id === shownScreen ? [...main.children].filter((it) => it.getAttribute('key') !== 'failure').map((it) => it.cloneNode(true)) : [];
  const stale = failure.status === 0 || failure.status >= 500;
  return [h('div', { key: 'failure' }, note('bad', failure.message)), ...(stale ? old : [])];
}

function render(here, content) {
  update(top, h('header', null,
    h('a', { class: 'brand', href: '#/' }, 'Streamfleet'),
    h('span', { class: 'space' }),
    me ? h('span', { class: 'who' }, me.access === 'open' ? 'on this machine' : me.user, me.changes ? '' : ' · read-only') : null,
    me?.access === 'token' ? h('button', { type: 'button', on: { click: () => { signIn(''); me = null; refresh(); } } }, 'Sign out') : null));
  const body = h('main', null,
    here.about && me ? [
      h('div', { class: 'head', key: 'head' },
        h('h1', null, h('a', { href: '#/', class: 'crumb' }, 'Fleets'), h('span', { class: 'crumb' }, ` / ${here.about.namespace} / `), here.about.name)),
      h('nav', { class: 'tabs', key: 'tabs', 'aria-label': 'Screens of the fleet' }, tabs.map(([id, title]) =>
        h('a', { href: link(here.about, id), 'aria-current': id === here.tab ? 'page' : null }, title))),
    ] : null,
    content);
  if (shownScreen !== here.id) {
    // Another screen shares nothing with this one, not even what was typed.
    main.replaceChildren(...body.childNodes);
    if (shownScreen !== null) {
      main.focus({ preventScroll: true });
      scrollTo(0, 0);
    }
    shownScreen = here.id;
  } else {
    update(main, body);
  }
  document.title = here.about ? `${here.about.name} · Streamfleet` : 'Streamfleet';
}

addEventListener('hashchange', refresh);
document.addEventListener('visibilitychange', () => (document.hidden ? clearTimeout(timer) : refresh()));
refresh();
