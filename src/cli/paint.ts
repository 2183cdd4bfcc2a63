import colours from 'picocolors';
import type { Severity } from '#contract/severity.ts';

/** Colours of the terminal; without them nothing is lost, as every word and mark stands for itself. */
export interface Paint {
  severity(text: string, severity: Severity): string;
  strong(text: string): string;
  faint(text: string): string;
}

export function paintFor({ isColourWanted }: { readonly isColourWanted: boolean }): Paint {
  const { bold, dim, red, yellow, cyan, magenta } = colours.createColors(isColourWanted);
  const bySeverity: Readonly<Record<Severity, (text: string) => string>> = {
    critical: (text) => bold(magenta(text)),
    high: red,
    medium: yellow,
    low: cyan,
    info: dim,
  };
  return { severity: (text, severity) => bySeverity[severity](text), strong: bold, faint: dim };
}
