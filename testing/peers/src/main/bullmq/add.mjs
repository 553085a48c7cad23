// Adds jobs to a BullMQ queue, one for each line of JSON that it reads, until the end of the input. Prints
// ready at the start, and the number of jobs at the end:
//
//   node add.mjs URL QUEUE PREFIX
//
// Lines that arrive together are added by one addBulk.
import { Queue } from 'bullmq';

// Enough to make the round trip negligible, few enough to keep the script short.
const MAX_BATCH = 1000;

const [url, name, prefix] = process.argv.slice(2);
const queue = new Queue(name, { connection: { url }, prefix });
let added = 0;

async function add(lines) {
  for (let from = 0; from < lines.length; from += MAX_BATCH) {
    const jobs = lines.slice(from, from + MAX_BATCH).map((line) => ({ name: 'entry', data: JSON.parse(line) }));
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
