// One worker of a BullMQ queue, until SIGTERM:
//
//   node worker.mjs URL QUEUE PREFIX HANDLER CONCURRENCY LOCK_MILLIS STALLED_MILLIS
//
// HANDLER is discard, time:FILE or wait:MILLIS, as for the Java peers. A job's lock is renewed while its handler runs;
// a job without a lock is stalled and started again, which replaces a claim.
import { writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { Worker } from 'bullmq';
import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';

const [url, queue, prefix, handlerName, concurrency, lockDuration, stalledInterval] = process.argv.slice(2);

function handlerOf(name) {
  const [kind, ...rest] = name.split(':');
  const value = rest.join(':');
  switch (kind) {
    case 'discard':
      return { handle: async () => {}, close: () => {} };
    case 'wait':
      return { handle: () => wait(Number(value)), close: () => {} };
    case 'time': {
      const micros = build({ numberOfSignificantValueDigits: 3, autoResize: true });
      return {
        handle: async (payload) => {
          const now = (performance.timeOrigin + performance.now()) * 1000;
          if (payload.intended_us !== undefined) {
            micros.recordValue(Math.max(0, Math.round(now - payload.intended_us)));
          }
        },
        close: () => writeFileSync(value, Buffer.from(encodeIntoCompressedBase64(micros), 'base64')),
      };
    }
    default:
      throw new Error(`there is no handler ${name}`);
  }
}

const handler = handlerOf(handlerName);
const worker = new Worker(queue, (job) => handler.handle(job.data), {
  connection: { url, maxRetriesPerRequest: null },
  prefix,
  concurrency: Number(concurrency),
  lockDuration: Number(lockDuration),
  stalledInterval: Number(stalledInterval),
  removeOnComplete: { count: 0 },
});
// Makes failures visible to the bench.
worker.on('error', (error) => {
  console.error(error);
  process.exit(1);
});
process.once('SIGTERM', async () => {
  await worker.close();
  handler.close();
  process.exit(0);
});
