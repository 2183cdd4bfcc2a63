import { fileWord, shellWord } from './shell-word.ts';

/** A call of the Azure command line about one resource, by its id. */
export function azureCall(call: string, id: string): string {
  return `az ${call} --ids ${shellWord(id)}`;
}

/** What a resource holds, as `az … list` tells it; an empty list is nobody's, so its file is called after the resource. */
export function azureListOf(call: string, parent: string, flags: Readonly<Record<string, string>>): string {
  const words = Object.entries(flags).map(([flag, value]) => `${flag} ${shellWord(value)}`);
  return `az ${call} ${words.join(' ')} > ${shellWord(`${call.replaceAll(' ', '-')}-${fileWord(parent)}.json`)}`;
}

/** The group and the names in an id of ARM, by the words before them in lower case. */
export function azurePart(id: string, word: string): string {
  const parts = id.split('/');
  const at = parts.findIndex((part) => part.toLowerCase() === word.toLowerCase());
  return (at < 0 ? undefined : parts[at + 1]) ?? word.toUpperCase();
}
