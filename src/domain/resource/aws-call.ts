import { fileWord, shellWord } from './shell-word.ts';

/** A flag of a call, and what it is given; a flag without a value stands alone. */
type Option = readonly [flag: string, value?: string];

/**
 * A call of AWS about one thing, as a person copies it into a shell. Where its answer does not say what it is about, or says only in an
 * error that there is none, `about` names the file that does, and what the call prints of errors goes there too
 * (attack-paths §1.5, folder contract).
 */
export function awsCall(call: string, options: readonly Option[], about?: string): string {
  const words = options.flatMap(([flag, value]) => (value === undefined ? [flag] : [flag, shellWord(value)]));
  const kept = about === undefined ? [] : ['>', shellWord(fileOf(call, about)), '2>&1'];
  return ['aws', call, ...words, ...kept].join(' ');
}

function fileOf(call: string, about: string): string {
  const parameter = about === '' ? '' : `-${fileWord(about)}`;
  return `${call.replaceAll(' ', '-')}${parameter}.json`;
}

/** The last part of an ARN, which calls take for a name; of any other key the whole. */
export function nameInArn(arn: string): string {
  return arn.startsWith('arn:') ? arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1) : arn;
}
