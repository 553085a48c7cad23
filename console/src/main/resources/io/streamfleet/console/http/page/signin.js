// Who asks.

import { signIn } from './api.js';
import { h, note } from './dom.js';

export function show(about, problem, refresh) {
  if (about && about.access !== 'token') {
    return h('div', { class: 'card signin', key: 'signin' },
      h('h1', null, 'You are not known here'),
      h('p', null, 'This console believes the proxy in front of it, and no proxy named you. Open it through the proxy.'));
  }
  const submit = (event) => {
    event.preventDefault();
    const field = event.currentTarget.elements.token;
    const given = field.value.trim();
    field.value = '';
    signIn(given);
    refresh();
  };
  return h('form', { class: 'card signin', key: 'signin', on: { submit } },
    h('h1', null, 'Sign in'),
    problem ? note('bad', problem) : null,
    h('p', null, 'Paste a token of the cluster. What it may get you see here; what it may update you may change, where that is enabled.'),
    h('p', null, h('label', null, 'Token', h('input', { type: 'password', name: 'token', autocomplete: 'off', required: true, spellcheck: 'false' }))),
    h('p', { class: 'muted' }, 'For example: ', h('code', null, 'kubectl create token USER -n NAMESPACE'), '. It is kept until this tab is closed.'),
    h('button', { class: 'main', type: 'submit' }, 'Sign in'));
}
