/** An address outside the networks of an account that a load balancer of it has as a target. */
export interface TargetElsewhere {
  readonly address: string;
  readonly account: string | null;
  /** What the load balancer, or where that was not described its target group, is called. */
  readonly by: string;
}
