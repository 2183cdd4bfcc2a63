/** Accounts of machines, as tags, commits and audit logs write them: they make things and own none (attack-paths §7.3). */
const NAMES =
  /^(?:terraform|opentofu|terragrunt|atlantis|pulumi|cloudformation|cdk|crossplane|ansible|puppet|chef|serverless|jenkins|github-?actions?(?:-user)?|web-flow|gitlab-?(?:ci|runner)|circleci|buildkite|teamcity|bamboo|drone|codebuild|code-?pipeline|azure-?(?:pipelines|devops)|travis(?:-?ci)?|spinnaker|argo-?cd|flux|fluxcd|helm|karpenter|eksctl|kops|renovate|mend-for-github-com|dependabot(?:-preview)?|greenkeeper|snyk|semantic-release|release-please|pre-commit-ci|ci|cd|ci-?cd|bot|root|admin|administrator|system|automation|robot|deploy(?:er|ment)?|build|builder|none|null|unknown|nobody|n\/a|-)$/i;

/** `acme-bot`, `renovate[bot]`; sessions that tools name by themselves (`botocore-session-16…`), instances, roles of services. */
const SHAPES =
  /\[bot\]$|[-_. ](?:bot|ci)$|^(?:bot|ci|svc|sa|service-account)[-_.]|^(?:botocore-session|aws-go-sdk|aws-sdk-[a-z]+|AWSCLI-Session)-\d+$|^i-[0-9a-f]{8,17}$|^AWSServiceRole/i;

/** What stands before the `@` is asked as a name besides. */
const MAILS = /^(?:noreply|no-reply|donotreply|actions)@|\.gserviceaccount\.com$/i;

/** Whether a name, a handle or a mail address is a machine's. */
export function isMachineAccount(name: string): boolean {
  const plain = name.trim().replace(/^@/, '');
  if (plain.includes('@')) return MAILS.test(plain) || isMachineName(plain.slice(0, plain.indexOf('@')));
  return isMachineName(plain);
}

function isMachineName(name: string): boolean {
  return NAMES.test(name) || SHAPES.test(name);
}
