/** How many entries a file has, as somebody counted them. */
export interface CountedSample {
  /** From the folder that holds `counts.json`. */
  readonly path: string;
  readonly count: number;
}

/** What `import --json` said of a file, or of a member of it. */
export interface ImportLine {
  readonly file: string;
  readonly format: string | null;
  readonly records?: number;
  readonly rejects?: readonly unknown[];
  readonly error?: { readonly code: string; readonly message: string };
}

export interface SampleVerdict {
  readonly path: string;
  readonly isExact: boolean;
  /** Null where all is as it was counted. */
  readonly sentence: string | null;
}

/**
 * The counted files of a `counts.json`: a list of objects with `path` and `count`, or an object by path with `records`.
 * Throws for a text that is neither.
 */
export function countedSamples(text: string): readonly CountedSample[] {
  const counts: unknown = JSON.parse(text);
  if (typeof counts !== 'object' || counts === null) throw new Error('counts.json holds no counts.');
  const counted = Array.isArray(counts)
    ? counts.map((each) => ({ path: each?.path, count: each?.count }))
    : Object.entries(counts).map(([path, each]) => ({ path, count: each?.records }));
  const wrong = counted.find(({ path, count }) => typeof path !== 'string' || !Number.isInteger(count));
  if (wrong !== undefined)
    throw new Error(`counts.json has an entry without path and count: ${JSON.stringify(wrong)}`);
  return counted;
}

/** Whether a file was read, and has as many entries as were counted. `lines` are those of the file and of its members. */
export function sampleVerdict(sample: CountedSample, lines: readonly ImportLine[]): SampleVerdict {
  const { path, count } = sample;
  const verdict = (sentence: string | null): SampleVerdict => ({
    path,
    isExact: sentence === null,
    sentence,
  });
  const [first] = lines;
  if (first === undefined) return verdict('the import said nothing of it');
  const unread = lines.find(({ format }) => format === null);
  if (unread !== undefined) return verdict(`not read: ${unread.error?.message ?? 'no format'}`);
  const records = lines.reduce((sum, line) => sum + (line.records ?? 0), 0);
  if (records !== count) return verdict(`${count} were counted, ${records} were read (${first.format})`);
  const rejects = lines.reduce((sum, line) => sum + (line.rejects?.length ?? 0), 0);
  if (rejects > 0) return verdict(`${rejects} of ${count} could not be read (${first.format})`);
  // A report of a tool that failed holds nothing, and its own error is the answer.
  const broken = lines.find(({ error }) => error !== undefined);
  return verdict(broken === undefined || count === 0 ? null : `broke off: ${broken.error?.message}`);
}
