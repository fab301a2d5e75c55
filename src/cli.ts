#!/usr/bin/env node
// The command `rehearsal`: the table of verbs, the terminal of this process, one exit code. What Node makes of the sources
// is kept for the next start in the system's folder of temporary files; NODE_DISABLE_COMPILE_CACHE=1 keeps nothing.

import { enableCompileCache } from 'node:module';
import { main } from './cli/main.ts';
import { programVersion } from './cli/program-version.ts';
import { exitAfterWriting, processTerminal, tolerateClosedPipe } from './cli/terminal.ts';
import { verbs } from './cli/verbs.ts';

const words = process.argv.slice(2);

enableCompileCache();
tolerateClosedPipe();
exitAfterWriting(await main(words, verbs, programVersion(), processTerminal(words.includes('--json'))));
