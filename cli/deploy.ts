import { Command } from 'commander';
import { readConfig, workerConfig } from '../config.ts';
import { buildIdOf, loadBundle } from '../workers/bundle.ts';
import { command } from './output.ts';
import { withTemporal } from './temporal.ts';

/** Only for desks with DESK_DEPLOYMENT_VERSIONING=on: elsewhere a new worker works as soon as it runs. */
export const deployCommand = (): Command =>
  new Command('deploy').description('versions of the workflow code, where workers are versioned').addCommand(
    command<{ buildId?: string }>(
      'promote',
      'give all conversations to the workers of this version, at their next turn',
      async ({ buildId: given }) => {
        const { DESK_DEPLOYMENT, DESK_WORKFLOW_BUNDLE, ...temporal } = readConfig(
          workerConfig.pick({
            TEMPORAL_ADDRESS: true,
            TEMPORAL_NAMESPACE: true,
            DESK_DEPLOYMENT: true,
            DESK_WORKFLOW_BUNDLE: true,
          }),
        );
        const buildId = given ?? buildIdOf(await loadBundle(DESK_WORKFLOW_BUNDLE));
        const before = await withTemporal(temporal, async ({ workflowService }) => {
          const { previousDeploymentVersion } = await workflowService.setWorkerDeploymentCurrentVersion({
            namespace: temporal.TEMPORAL_NAMESPACE,
            deploymentName: DESK_DEPLOYMENT,
            buildId,
            identity: 'duradesk deploy promote',
          });
          return previousDeploymentVersion?.buildId || null;
        }).catch((error: unknown) => {
          throw new Error(
            `${DESK_DEPLOYMENT} ${buildId} could not be made current (${reasonOf(error)}): start workers of this version with DESK_DEPLOYMENT_VERSIONING=on first`,
          );
        });
        return {
          ok: true,
          data: { deployment: DESK_DEPLOYMENT, buildId, before },
          lines: [
            before === buildId
              ? `${DESK_DEPLOYMENT} ${buildId} is current already`
              : `${DESK_DEPLOYMENT} ${buildId} is current now, before it was ${before ?? 'none'}`,
          ],
        };
      },
    ).option('--build-id <id>', 'another version than that of this code, to go back'),
  );

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
