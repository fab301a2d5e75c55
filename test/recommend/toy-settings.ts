// Settings with which a method with weights trains on a toy catalogue within a second or two. The methods without
// weights are tested with their defaults.

const quick = { scale: 'xs', epochs: 1, history: 8, validationPeople: 8 };

const toySettings: Readonly<Record<string, unknown>> = {
  ...Object.fromEntries(['fm', 'wide-deep', 'deepfm', 'dcn', 'afn'].map((name) => [name, quick])),
  sasrec: quick,
  tiger: { ...quick, levels: 2, codes: 2, beam: 8 },
  promise: { ...quick, levels: 2, codes: 2, beam: 8, negatives: 7 },
  'onerec-v2': { ...quick, levels: 2, codes: 2, beam: 8 },
  grlm: { ...quick, beam: 8 },
};

export function toySettingsOf(method: string): unknown {
  return toySettings[method] ?? {};
}
