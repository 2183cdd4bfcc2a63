import { percentDecoded } from '../reading/percent-text.ts';

/**
 * The parameter of the request that an answer came from, where the answer does not repeat it and the
 * file is named after it: `s3api-get-bucket-policy-logs.json` or `s3-get-bucket-policy/logs` give
 * `logs` for the call `get-bucket-policy`. Undefined where the name tells nothing: the content decides
 * what a file is, its name only about whom.
 */
export function requestParameter(fileName: string, call: string): string | undefined {
  const parts = fileName.split(/[/\\!]/);
  const base = (parts.at(-1) ?? '').replace(/\.(?:json|txt|err)$/i, '');
  const folder = parts.at(-2) ?? '';
  const start = base.indexOf(`${call}-`);
  if (start >= 0 && (start === 0 || base[start - 1] === '-' || base[start - 1] === '_')) {
    const parameter = base.slice(start + call.length + 1);
    return parameter === '' ? undefined : percentDecoded(parameter);
  }
  return (folder === call || folder.endsWith(`-${call}`)) && base !== '' ? percentDecoded(base) : undefined;
}
