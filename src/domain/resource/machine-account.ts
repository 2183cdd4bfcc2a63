/**
 * What a name was told as, which decides how far it may be a machine's (attack-paths §7.3). A `team`: the place names a team,
 * and teams are called `build` and `ci-platform` too. An `owner`: somebody wrote whose a thing is, a team's name or a login.
 * An `account`: it did something.
 */
export type NameTold = 'team' | 'owner' | 'account';

/** Words for *nobody*. */
const NOBODY = /^(?:none|null|nil|undefined|unknown|nobody|unowned|unassigned|tbd|tba|todo|n\/a|[-?.]+)$/i;

/** Spellings that only machines' accounts have: apps of GitHub, sessions of SDKs, instances, roles, service accounts. */
const CERTAIN =
  /\[bot\](?:@|$)|^(?:botocore-session|aws-go-sdk|aws-sdk-[a-z]+|AWSCLI-Session)-\d+$|^i-[0-9a-f]{8,17}$|^AWSServiceRole|^arn:[^:]*:(?:iam|sts)::\d*:(?:assumed-)?role\/[^@]*$|^system:(?:serviceaccount|node):|\.gserviceaccount\.com$|^(?:noreply|no-reply|donotreply)@/i;

/** Tools that make things, as they are called where they log in; accounts of nobody in particular. */
const TOOLS =
  /^(?:terraform|opentofu|terragrunt|atlantis|pulumi|cloudformation|cdk|crossplane|ansible|puppet|chef|serverless|jenkins|github-?actions?(?:-user)?|web-flow|gitlab-?(?:ci|runner)|circleci|buildkite|teamcity|bamboo|drone|codebuild|code-?pipeline|azure-?(?:pipelines|devops)|travis(?:-?ci)?|spinnaker|argo-?cd|flux|fluxcd|helm|karpenter|eksctl|kops|renovate|mend-for-github-com|dependabot(?:-preview)?|greenkeeper|snyk|semantic-release|release-please|pre-commit-ci|bot|root|admin|administrator|system|robot)$|[-_. ]bot$|^(?:bot|svc|service-account)[-_.]/i;

/** What accounts of machines are called, and teams of people no less. */
const EITHER = /^(?:ci|cd|ci-?cd|automation|deploy(?:er|ment)?|build|builder)$|[-_. ]ci$|^(?:ci|sa)[-_.]/i;

/** Words of a login that no person has in theirs: `terraform-prod`, `shop-deployer`. People are called Jenkins. */
const IN_LOGINS =
  /^jenkins[-_]|(?:^|[-_.])(?:terraform|opentofu|terragrunt|atlantis|pulumi|cloudformation|crossplane|ansible|github-?actions?|gitlab-?(?:ci|runner)|circleci|buildkite|teamcity|codebuild|code-?pipeline|spinnaker|argo-?cd|fluxcd|automation|deploy|deployer|deployment|pipelines?|bot|robot|cicd|svc|service-?account)(?:$|[-_.])/i;

/** Whether a name, a handle or a mail address is a machine's, or nobody's. */
export function isMachineAccount(name: string, told: NameTold): boolean {
  const text = name.trim();
  if (NOBODY.test(text) || CERTAIN.test(text)) return true;
  // Only teams have a handle with their organisation: `@acme/platform-ci`.
  if (told === 'team' || /^@[^/@]+\/./.test(text)) return false;
  const login = text.replace(/^@/, '');
  const local = login.includes('@') ? login.slice(0, login.indexOf('@')) : login;
  if (NOBODY.test(local) || TOOLS.test(local)) return true;
  // The bare name of an owner is a team's as well as a login; a handle and a mail address are accounts.
  if (told === 'owner' && local === text) return false;
  return (
    EITHER.test(local) ||
    (login !== local && /^actions$/i.test(local)) ||
    (told === 'account' && IN_LOGINS.test(local))
  );
}
