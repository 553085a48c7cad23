// The console's API. An answer that did not change is not sent again.

const KEPT = 50;
const known = new Map();
const header = 'X-Streamfleet-Console';
const stored = 'streamfleet-token';

/** A request that was refused, or not answered. */
export class Problem extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// Until the tab is closed; no other page can read it.
let token = sessionStorage.getItem(stored);

export function signIn(given) {
  token = given;
  known.clear();
  if (given) {
    sessionStorage.setItem(stored, given);
  } else {
    sessionStorage.removeItem(stored);
  }
}

export const isSignedIn = () => token !== null && token !== '';

async function send(path, options) {
  const headers = { ...options.headers };
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  let response;
  try {
    response = await fetch(`api/${path}`, { ...options, headers, cache: 'no-store', credentials: 'same-origin', redirect: 'error', signal: AbortSignal.timeout(12000) });
  } catch {
    throw new Problem(0, 'The console does not answer.');
  }
  if (response.status === 304) {
    return response;
  }
  if (!response.ok) {
    const told = await response.json().catch(() => ({}));
    throw new Problem(response.status, told.problem ?? `The console answered with status ${response.status}.`);
  }
  return response;
}

/** Reads. */
export async function get(path) {
  const before = known.get(path);
  const response = await send(path, { headers: before ? { 'If-None-Match': before.tag } : {} });
  if (response.status === 304) {
    return before.json;
  }
  const json = await response.json();
  known.delete(path);
  known.set(path, { tag: response.headers.get('ETag'), json });
  if (known.size > KEPT) {
    known.delete(known.keys().next().value);
  }
  return json;
}

/** Changes. */
export async function post(path, body) {
  const response = await send(path, { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', [header]: '1' } });
  return response.json();
}

export const query = (values) => new URLSearchParams(Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '')).toString();

export const fleetPath = ({ namespace, name }) => `fleets/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;

/** The address of a screen of a fleet. */
export const link = ({ namespace, name }, screen, values) => {
  const parameters = values ? query(values) : '';
  return `#/fleet/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}${screen ? `/${screen}` : ''}${parameters ? `?${parameters}` : ''}`;
};
