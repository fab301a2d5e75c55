#!/usr/bin/env node
// The command `rehearsal`: the table of verbs, the terminal of this process, one exit code.

import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { main } from './cli/main.ts';
import { exitAfterWriting, processTerminal, tolerateClosedPipe } from './cli/terminal.ts';
import { verbs } from './cli/verbs.ts';

const packageFile = new URL('../package.json', import.meta.url);
const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(packageFile, 'utf8')));
const words = process.argv.slice(2);

tolerateClosedPipe();
exitAfterWriting(await main(words, verbs, version, processTerminal(words.includes('--json'))));
