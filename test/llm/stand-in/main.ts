// The stand-in as a process, to try the command line against: npx node test/llm/stand-in/main.ts [KIND] [gullible|patient].
// A patient one plays visitors who stay until they are tired. Prints its address, and on Ctrl-C what it counted.

import { manners, type Kind } from './kinds.ts';
import { openStandIn } from './server.ts';
import { patientRule, visitorRule } from './visitor.ts';

const wanted = process.argv[2] ?? 'openai';
const kind = (Object.keys(manners) as Kind[]).find((name) => name === wanted);
if (kind === undefined)
  throw new Error(`Expected one of ${Object.keys(manners).join(', ')}, but got ${wanted}.`);

const standIn = await openStandIn({ kind });
standIn.rules = {
  act: process.argv[3] === 'patient' ? patientRule : visitorRule(process.argv[3] === 'gullible'),
};
console.log(standIn.baseUrl);
process.once('SIGINT', () => {
  console.log(JSON.stringify(standIn.counts()));
  void standIn.close();
});
