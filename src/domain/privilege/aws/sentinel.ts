import { actionSet } from './action-catalogue.ts';
import { CERTAIN, type Certainty, NO, weaker } from './certainty.ts';
import type { PrincipalClass } from './principal-class.ts';

/**
 * Whoever may do all of these on everything is an administrator, however the policies are cut (attack-paths §3.3).
 * The share of all actions is no criterion: an administrator over many services has half of them, somebody with
 * everything but what matters nine tenths.
 */
const SENTINELS: readonly string[] = [
  'iam:attachrolepolicy',
  'iam:putrolepolicy',
  'iam:putuserpolicy',
  'iam:createpolicyversion',
  'iam:createaccesskey',
  'iam:updateassumerolepolicy',
  'iam:passrole',
  'sts:assumerole',
  's3:getobject',
  's3:putbucketpolicy',
  'kms:decrypt',
  'kms:putkeypolicy',
  'ec2:runinstances',
  'lambda:updatefunctioncode',
  'secretsmanager:getsecretvalue',
  'rds:modifydbinstance',
];

const NEEDED = actionSet(SENTINELS);

/** How certainly a class may do everything in its account. */
export function isAdministrator(of: PrincipalClass): Certainty {
  if (!of.mayAllowAll(NEEDED)) return NO;
  let certainty: Certainty = CERTAIN;
  for (const action of SENTINELS) {
    certainty = weaker(certainty, of.every(action));
    if (certainty === NO) break;
  }
  return certainty;
}
