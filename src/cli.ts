#!/usr/bin/env node
// The command `rehearsal`: the table of verbs, the terminal of this process, one exit code. What Node makes of the sources
// is kept for the next start in the system's folder of temporary files; NODE_DISABLE_COMPILE_CACHE=1 keeps nothing.

import { readFileSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { z } from 'zod';
import { main } from './cli/main.ts';
import { exitAfterWriting, processTerminal, tolerateClosedPipe } from './cli/terminal.ts';
import { verbs } from './cli/verbs.ts';

const packageFile = new URL('../package.json', import.meta.url);
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, 'utf8')));
const words = process.argv.slice(2);

enableCompileCache();
tolerateClosedPipe();
exitAfterWriting(await main(words, verbs, version, processTerminal(words.includes('--json'))));
