import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';

const CALL = /noInventoryTells\(\s*(?:`|')((?:[^`'\\]|\\.)*)(?:`|')/g;

it('what no command supplies is this and nothing else', () => {
  const files = globSync('*.ts', { cwd: import.meta.dirname }).filter((file) => !/\.test/.test(file));
  const said = files.flatMap((file) =>
    [...readFileSync(join(import.meta.dirname, file), 'utf8').matchAll(CALL)].map(
      ([, text = '']) => `${basename(file, '.ts')}: ${text.replaceAll(/\$\{[^}]*\}/g, '…')}`,
    ),
  );
  expect(said.sort()).toMatchInlineSnapshot(`
    [
      "aws-network-firewall: what the appliance … lets through to …",
      "aws-network-firewall: what the rules of firewall policy … let through to …",
      "aws-outside-machine-exposure: what else leads to …, where it is on premises",
      "aws-outside-machine-exposure: whether what guards … lets anybody in on port …, as the health check asks on …",
      "aws-outside-machine-exposure: whether what guards … lets anybody in on port …, where it is …",
      "aws-outside-machine-exposure: whether what guards … lets clients in on port …",
      "aws-unseen-balancer: whether … of account \${account ?? ",
      "azure-api-management-exposure: whether … reaches … in another network",
      "azure-fronts: whether … reaches the private endpoint … of … in another network",
      "azure-network: whether answers return past route … of … (…)",
      "azure-restrictions: what strangers know of the headers that restriction … asks for",
      "azure-senders: what the service tag … stands for in rule …",
      "azure-waf-policy: what strangers know of the header or text that … asks for",
      "azure-waf-policy: whether strangers know an address that … lets in, which is what clients say of themselves (RemoteAddr)",
      "gcp-access-level: what more the conditions of access level … ask for",
      "gcp-access-level: whom the expression of access level … admits",
      "gcp-firewall: what rule \${rule.priority ?? ",
      "gcp-identity-exposure: whether the attribute condition of provider … lets strangers in",
      "gcp-identity-exposure: whether the condition of … for the pool holds (…)",
      "gcp-instance-exposure: whether … is … behind …",
      "gcp-load-balancer-exposure: what the expressions of security policy … let through",
      "gcp-proxy-login: whether the login before …, whose client Google manages, takes accounts of other organisations",
      "gcp-public-binding: whether the condition of … for … holds (…)",
      "kubernetes-anonymous: whether a load balancer stands before the API server, whose nodes nobody reaches (kubectl cluster-info shows its address)",
      "kubernetes-exposure: where … and its kind lead",
      "kubernetes-passage: what … admits",
      "kubernetes-way: which addresses "…" at … means",
    ]
  `);
});
