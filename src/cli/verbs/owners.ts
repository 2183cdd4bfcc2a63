import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { acceptOwner, applyOwners, listOwners, withdrawOwner } from '#app/change-owners.ts';
import { InboxError } from '#base/inbox-error.ts';
import { counted } from '#base/text.ts';
import { filled } from '../argument-parsers.ts';
import type { CommandLine, GlobalOptions } from '../command-line.ts';
import { safe } from '../terminal-text.ts';

const HELP = `
A tag may mean somebody (a cost center, a project), a name may own nothing (@acme/everyone), and a person may say whose a
resource is, which is then the answer. A direct tag (team, owner) comes before what tags mean.

A file for "apply", YAML or JSON; "*" stands for any text, "from" for tag, inherited, catalogue, code-owners, commits or creator:

  tags:
    - { tag: cost-center, value: "cc-42*", owner: payments, note: as of the budget of 2026 }
  exclusions:
    - { owner: "@acme/everyone", from: code-owners }

Examples:
  security-inbox owners apply owners.yaml
  security-inbox owners accept arn:aws:s3:::acme-exports payments
  security-inbox owners withdraw arn:aws:s3:::acme-exports`;

export function addOwnersVerb(program: Command, cli: CommandLine): void {
  const owners = program
    .command('owners')
    .summary('whose things are, as the organisation says')
    .description('Say what tags mean about owners, which names own nothing, and whose a resource is.')
    .addHelpText('after', HELP);
  const list = owners
    .command('list')
    .description('List what is said, as "apply" reads it, and whose resources were accepted.')
    .action(async () => {
      const options = list.optsWithGlobals<GlobalOptions>();
      const { tags, exclusions, accepted } = await cli.withContext(options, listOwners);
      await cli.show(options, { tags, exclusions, accepted }, () => [
        ...tags.map(
          ({ tag, value, owner, note }) => `${safe(tag)}: ${safe(value)}  is ${safe(owner)}${noted(note)}`,
        ),
        ...exclusions.map(
          ({ owner, from, note }) =>
            `${safe(owner)}  owns nothing${from === null ? '' : ` by ${from}`}${noted(note)}`,
        ),
        ...accepted.map(
          ({ resource, owner, by }) => `${safe(resource)}  is ${safe(owner)}'s (accepted by ${safe(by)})`,
        ),
        ...(tags.length + exclusions.length + accepted.length === 0
          ? ['Nothing is said about owners. "owners apply FILE" says it; "owners --help" shows such a file.']
          : []),
      ]);
    });
  const apply = owners
    .command('apply')
    .description('Put a file in the place of what tags mean and which names own nothing.')
    .argument('<file>', 'YAML or JSON', filled)
    .action(async (file: string) => {
      const options = apply.optsWithGlobals<GlobalOptions>();
      const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
        throw new InboxError('usage', `${file} cannot be read (${cause.code}).`, { cause });
      });
      const { tags, exclusions, faults } = await cli.withContext(options, (ctx) =>
        applyOwners(ctx, { text }),
      );
      await cli.show(options, { tags: tags.length, exclusions: exclusions.length, faults }, () => [
        `${counted(tags.length, 'tag')} and ${counted(exclusions.length, 'exclusion')} count now.`,
        ...faults.map(({ at, message }) => `Left out: ${at}. ${safe(message)}`),
      ]);
    });
  const accept = owners
    .command('accept')
    .description('Say whose a resource is.')
    .argument('<resource>', 'canonical id, ARN, or another id of a cloud', filled)
    .argument('<owner>', 'a team or a person', filled)
    .action(async (resource: string, owner: string) => {
      const options = accept.optsWithGlobals<GlobalOptions>();
      const accepted = await cli.withContext(options, (ctx) => acceptOwner(ctx, { resource, owner }));
      await cli.show(options, accepted, () => [`${safe(accepted.resource)} is ${safe(accepted.owner)}'s.`]);
    });
  const withdraw = owners
    .command('withdraw')
    .description('Leave it to tags, preferences and catalogues again.')
    .argument('<resource>', 'as "owners list" prints it', filled)
    .action(async (resource: string) => {
      const options = withdraw.optsWithGlobals<GlobalOptions>();
      await cli.withContext(options, (ctx) => withdrawOwner(ctx, { resource }));
      await cli.show(options, { withdrawn: resource }, () => [
        `Nobody is accepted as the owner of ${safe(resource)} any more.`,
      ]);
    });
}

function noted(note: string | null): string {
  return note === null ? '' : `  (${safe(note)})`;
}
