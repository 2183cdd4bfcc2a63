import type { Command } from 'commander';
import { addNetwork, removeNetwork } from '#app/change-networks.ts';
import { listNetworks } from '#app/list-networks.ts';
import { instantText } from '#base/instant.ts';
import { filled } from '../argument-parsers.ts';
import type { CommandLine, GlobalOptions } from '../command-line.ts';
import { safe } from '../terminal-text.ts';

const HELP = `
Who comes from an office, a VPN or a partner's building that you call your own is no stranger: what only they reach is
not publicly accessible. Everything that is exposed is judged anew at once.

Examples:
  security-inbox networks add Berlin 198.18.0.0/15
  security-inbox networks remove 198.18.0.0/15`;

export function addNetworksVerb(program: Command, cli: CommandLine): void {
  const networks = program
    .command('networks')
    .summary("address ranges of the organisation's own")
    .description('List, add and remove ranges of addresses from which no strangers come.')
    .addHelpText('after', HELP);
  const list = networks
    .command('list')
    .description('List the ranges with who added them.')
    .action(async () => {
      const options = list.optsWithGlobals<GlobalOptions>();
      const known = await cli.withContext(options, listNetworks);
      const rows = known.map(({ cidr, label, actor, at }) => ({
        cidr,
        label,
        addedBy: actor,
        addedAt: instantText(at),
      }));
      await cli.show(options, rows, () =>
        known.length === 0
          ? ['No range is called the organisation\'s own; "networks add" does.']
          : known.map(({ cidr, label, actor }) => `${safe(cidr)}  ${safe(label)}  (${safe(actor)})`),
      );
    });
  const add = networks
    .command('add')
    .description("Call a range the organisation's own.")
    .argument('<label>', 'what people call it', filled)
    .argument('<cidr>', 'like 198.18.0.0/15', filled)
    .action(async (label: string, cidr: string) => {
      const options = add.optsWithGlobals<GlobalOptions>();
      const added = await cli.withContext(options, (ctx) => addNetwork(ctx, { label, cidr }));
      await cli.show(options, added, () => [
        `${safe(added.cidr)} is ${safe(added.label)} now; everything that is exposed was judged anew.`,
      ]);
    });
  const remove = networks
    .command('remove')
    .description('Take a range away: who comes from there is a stranger again.')
    .argument('<cidr>', 'as "networks list" prints it', filled)
    .action(async (cidr: string) => {
      const options = remove.optsWithGlobals<GlobalOptions>();
      await cli.withContext(options, (ctx) => removeNetwork(ctx, { cidr }));
      await cli.show(options, { removed: cidr }, () => [
        `${safe(cidr)} was taken away; everything that is exposed was judged anew.`,
      ]);
    });
}
