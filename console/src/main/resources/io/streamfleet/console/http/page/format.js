// Numbers and times as a person reads them.

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const unknown = '–';

export const number = (value) => (value === null || value === undefined ? unknown : whole.format(value));

export const rate = (value) => (value === null || value === undefined ? unknown : short.format(value));

/** The two largest units: 3d 4h, 12m 5s, 0s; below ten seconds with a decimal. */
export function age(seconds) {
  if (seconds === null || seconds === undefined) {
    return unknown;
  }
  if (seconds < 0) {
    // The clocks of Redis and of who asked differ by some milliseconds.
    return '0s';
  }
  if (seconds > 0 && seconds < 1) {
    return `${short.format(seconds * 1000)} ms`;
  }
  if (seconds < 10) {
    return `${Math.round(seconds * 10) / 10}s`;
  }
  const all = Math.floor(seconds);
  const units = [['d', Math.floor(all / 86400)], ['h', Math.floor(all / 3600) % 24], ['m', Math.floor(all / 60) % 60], ['s', all % 60]];
  const first = units.findIndex(([, count]) => count > 0);
  return units.slice(first, first + 2).filter(([, count], i) => i === 0 || count > 0).map(([unit, count]) => `${count}${unit}`).join(' ');
}

export const since = (time) => {
  const millis = Date.parse(time);
  return Number.isNaN(millis) ? unknown : age(Math.max(0, (Date.now() - millis) / 1000));
};

export function trend(perSecond) {
  if (perSecond === null || perSecond === undefined) {
    return unknown;
  }
  return Math.abs(perSecond) < 0.05 ? 'steady' : `${perSecond > 0 ? '+' : '−'}${rate(Math.abs(perSecond))}/s`;
}

export const clock = (millis) => new Date(millis).toLocaleTimeString('en-GB');

export const count = (value, one, many) => `${number(value)} ${value === 1 ? one : many}`;
