/**
 * Types of resources that run the code of the service to which they belong, in the spellings of the inventories: where
 * a service runs is where the flaws in its code and its libraries are deployed.
 */
export const CODE_RUNNERS: readonly string[] = [
  'workload',
  'pod',
  'ec2-instance',
  'auto-scaling-group',
  'ecs-service',
  'lambda-function',
  'app-runner-service',
  'beanstalk-environment',
  'lightsail-instance',
  'azure-vm',
  'azure-vmss',
  'azure-web-app',
  'azure-function-app',
  'azure-container-app',
  'azure-container-instance',
  'gcp-instance',
  'gcp-function',
  'gcp-run-service',
];
