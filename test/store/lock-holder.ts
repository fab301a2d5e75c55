// A program for the tests of locks: takes the lock of a folder, says so, and lives until it is killed.

import { writeSync } from 'node:fs';
import { lockFolder } from '../../src/store/lock.ts';

lockFolder(process.argv[2]!);
writeSync(1, 'held\n');
setInterval(() => undefined, 1000);
