import { EventEmitter } from 'node:events';
import type { Command } from 'commander';

/** Shows below the help of each part of a verb, where none stands there, what the verb's own help has as examples of it. */
export function passExamplesOn(program: Command): void {
  for (const verb of program.commands) {
    const above = linesBelowHelp(verb);
    for (const part of verb.commands) {
      const isOfPart = (line: string): boolean =>
        line.includes(` security-inbox ${verb.name()} ${part.name()} `);
      const examples = above.filter(isOfPart);
      if (examples.length === 0 || linesBelowHelp(part).some(isOfPart)) continue;
      part.addHelpText(
        'after',
        `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.join('\n')}`,
      );
    }
  }
}

/** What was added to be printed behind the help of a verb. */
function linesBelowHelp(verb: Command): readonly string[] {
  let below = '';
  const write = (text: string): void => {
    below += text;
  };
  // The parser asks for that text by this event alone, which its types do not tell.
  const asked: unknown = verb;
  if (asked instanceof EventEmitter) asked.emit('afterHelp', { error: false, command: verb, write });
  return below.split('\n');
}
