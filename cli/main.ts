import { CommanderError, program } from 'commander';
import { ConfigError } from '../config.ts';
import { PlaybookError } from '../playbook.ts';
import { agentCommand } from './agent.ts';
import { answersCommand } from './answers.ts';
import { approvalsCommand } from './approvals.ts';
import { deployCommand } from './deploy.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain.ts';
import { knowledgeCommand } from './knowledge.ts';
import { migrateCommand } from './migrate.ts';
import { replayCommand } from './replay.ts';
import { webhooksCommand } from './webhooks.ts';

// Entry of `duradesk`, the commands of operators. Exit code 0: done and well; 1: it failed, or found something wrong; 2: it
// was called or configured wrongly.

program
  .name('duradesk')
  .description("Runs and checks a desk. Settings come from the environment; 'duradesk config --explain' lists them.")
  .exitOverride()
  .addCommand(migrateCommand())
  .addCommand(doctorCommand())
  .addCommand(replayCommand())
  .addCommand(approvalsCommand())
  .addCommand(deployCommand())
  .addCommand(knowledgeCommand())
  .addCommand(agentCommand())
  .addCommand(answersCommand())
  .addCommand(webhooksCommand())
  .addCommand(explainCommand());
for (const command of program.commands) for (const leaf of [command, ...command.commands]) leaf.exitOverride();

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = error instanceof ConfigError || error instanceof PlaybookError ? 2 : 1;
  }
}
