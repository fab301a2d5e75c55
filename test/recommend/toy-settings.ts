// Settings with which a method with weights trains on a toy catalogue within a second or two. The methods without
// weights are tested with their defaults.

const quick = { epochs: 1, history: 8, validationPeople: 8 };

const toySettings: Readonly<Record<string, unknown>> = { sasrec: quick };

export function toySettingsOf(method: string): unknown {
  return toySettings[method] ?? {};
}
