// A browser between playwright and the real one: it passes everything on until a command of a given name comes, and then
// dies or falls silent, as a browser does that is killed or hangs at that moment. It does so once for each flag file.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the program into `folder`; the first launch fails at `method` in that way, later ones not at all. */
export function dyingBrowser(folder: string, real: string, method: string, way: 'dies' | 'hangs'): string {
  const path = join(folder, `${way}-at-${method}`);
  const program = `#!${process.execPath}
const { spawn } = require('node:child_process');
const { createReadStream, createWriteStream, existsSync, writeFileSync } = require('node:fs');
const isFirst = !existsSync(${JSON.stringify(`${path}.used`)});
writeFileSync(${JSON.stringify(`${path}.used`)}, '');
const child = spawn(${JSON.stringify(real)}, process.argv.slice(2), { stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'] });
const end = () => { child.kill('SIGKILL'); process.kill(process.pid, 'SIGKILL'); };
createReadStream('', { fd: 3 }).on('data', (data) => {
  if (String(data).includes('"Browser.close"')) end();
  if (isFirst && String(data).includes(${JSON.stringify(method)})) {
    if (${JSON.stringify(way)} === 'dies') end();
    return;
  }
  child.stdio[3].write(data);
}).on('end', end);
child.stdio[4].pipe(createWriteStream('', { fd: 4 }));
child.on('exit', () => process.exit(0));
`;
  writeFileSync(path, program);
  chmodSync(path, 0o700);
  return path;
}
