import { type Command, Option } from 'commander';
import { addPerson } from '#app/add-person.ts';
import { listPeople } from '#app/list-people.ts';
import { removePerson } from '#app/remove-person.ts';
import { dateText, instantText } from '#base/instant.ts';
import { type Role, roleSchema } from '#contract/session.ts';
import type { Person } from '#domain/ports/people-store.ts';
import type { CommandLine, GlobalOptions } from '../command-line.ts';
import { type Column, presentTable } from '../table.ts';
import { safe } from '../terminal-text.ts';

interface AddOptions extends GlobalOptions {
  readonly role: Role;
}

const HELP = `
Example:
  security-inbox person remove alex`;

const ADD_HELP = `
Roles: read looks; triage decides about issues and imports as well; administer changes people, feeds and
sources as well.

Example:
  security-inbox person add alex --role triage
  security-inbox sign-in --person alex`;

export function addPersonVerb(program: Command, cli: CommandLine): void {
  const person = program
    .command('person')
    .summary('people who may come in')
    .description('Add, list and remove people.')
    .addHelpText('after', HELP);
  const add = person
    .command('add')
    .description('Add a person.')
    .argument('<name>', 'what they are called')
    .addOption(new Option('--role <role>', 'what they may do').choices(roleSchema.options).default('read'))
    .addHelpText('after', ADD_HELP)
    .action(async (name: string) => {
      const options = add.optsWithGlobals<AddOptions>();
      const added = await cli.withContext(options, (ctx) => addPerson(ctx, { name, role: options.role }));
      await cli.show(options, personJson(added), () => [
        `${safe(added.name)} was added with the role ${added.role}. A link for them: security-inbox sign-in --person ${quoted(added.name)}`,
      ]);
    });
  const list = person
    .command('list')
    .description('List everybody who may come in.')
    .action(async () => {
      const options = list.optsWithGlobals<GlobalOptions>();
      const people = await cli.withContext(options, listPeople);
      await cli.show(options, people.map(personJson), () =>
        people.length === 0
          ? ['Nobody is there yet; "sign-in" makes the first administrator.']
          : presentTable(COLUMNS, people, cli.parts.columns),
      );
    });
  const remove = person
    .command('remove')
    .description('Remove a person: links, sessions and tokens end at once, what they decided stays.')
    .argument('<name>', 'what they are called')
    .action(async (name: string) => {
      const options = remove.optsWithGlobals<GlobalOptions>();
      await cli.withContext(options, (ctx) => removePerson(ctx, { name }));
      await cli.show(options, { name, removed: true }, () => [`${safe(name)} was removed.`]);
    });
}

const COLUMNS: readonly Column<Person>[] = [
  { title: 'ROLE', text: ({ role }) => role },
  { title: 'ADDED', text: ({ createdAt }) => dateText(createdAt) },
  { title: 'NAME', text: ({ name }) => safe(name) },
];

function personJson({ id, name, role, createdAt }: Person): object {
  return { id, name, role, createdAt: instantText(createdAt) };
}

/** As a shell takes it; names hold no character that is special between double quotes. */
function quoted(name: string): string {
  return /^[\w.@+-]+$/.test(name) ? name : `"${safe(name)}"`;
}
