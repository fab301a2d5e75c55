// The click models in one list: methods of the table in methods.ts, and networks for impressions (click-contest.ts).

import { afn } from './methods/afn.ts';
import { dcn } from './methods/dcn.ts';
import { deepfm } from './methods/deepfm.ts';
import { fm } from './methods/fm.ts';
import { wideDeep } from './methods/wide-deep.ts';
import type { ClickMethod } from './clicks/define.ts';

export const clickMethods: readonly ClickMethod[] = [fm, wideDeep, deepfm, dcn, afn];
