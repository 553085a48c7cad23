// Adds jobs to a BullMQ queue, one for each line of JSON that it reads, until there are no more. Says
// ready at first, and at last how many:
//
//   node add.mjs URL QUEUE PREFIX
//
// What arrives together is added by one addBulk.
import { Queue } from 'bullmq';

// Enough for a round trip to be nothing, few enough for one script to be short.
const MOST_AT_ONCE = 1000;

const [url, name, prefix] = process.argv.slice(2);
const queue = new Queue(name, { connection: { url }, prefix });
let added = 0;

async function add(lines) {
  for (let from = 0; from < lines.length; from += MOST_AT_ONCE) {
    const jobs = lines.slice(from, from + MOST_AT_ONCE).map((line) => ({ name: 'entry', data: JSON.parse(line) }));
    await queue.addBulk(jobs);
    added += jobs.length;
  }
}

await queue.waitUntilReady();
console.log('ready');
let rest = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  await add(lines);
}
await queue.close();
console.log(added);
