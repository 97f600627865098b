import { z } from 'zod';
import { once, portableKey } from '../once.ts';
import { outgoing } from '../outgoing-text.ts';
import { documented } from '../remote-api.ts';
import { createSalesforceConnection, type SalesforceOptions } from '../salesforce-connection.ts';
import { soqlName, soqlText } from '../soql.ts';
import { type Crm, type Note, noteKey } from './crm.ts';
import { type ProfileFields, toProfile } from './profile.ts';

/** `Task.Description` holds 32,000 characters. */
const MAX_NOTE_BYTES = 30_000;

const contacts = z.object({ records: z.array(z.looseObject({ Id: z.string().min(1) })) });
const tasks = z.object({ records: z.array(z.object({ Id: z.string().min(1) })) });
const saved = z.object({ id: z.string().min(1), success: z.literal(true) });

/**
 * Contacts of a Salesforce org; a note is a completed task on one. Activities are poor in fields that can be unique, so
 * the task's subject carries the key and is looked up within the contact; SOQL reads its own org's writes at once.
 */
export const createSalesforceCrm = (options: SalesforceOptions & { fields: ProfileFields }): Crm => {
  const { customerId: idField, language, tier, facts } = options.fields;
  const connected = createSalesforceConnection(options);
  const columns = [
    ...new Set(['Id', 'Name', 'Email', idField, ...[language ?? []].flat(), ...[tier ?? []].flat(), ...facts]),
  ];
  const select = `SELECT ${columns.map(soqlName).join(', ')} FROM Contact`;

  const contact = async (field: string, value: string) => {
    const connection = await connected();
    const answer = await connection.query(`${select} WHERE ${soqlName(field)} = ${soqlText(value)} LIMIT 2`);
    const [found, another] = documented('Salesforce', contacts, answer).records;
    if (!found || another) return null;
    return toProfile({
      id: found.Id,
      name: found.Name,
      email: found.Email,
      language: language ? found[language] : null,
      tier: tier ? found[tier] : null,
      facts: Object.fromEntries(facts.map((fact) => [fact, found[fact]])),
    });
  };

  return {
    find: async ({ customerId, email }) =>
      (customerId === null ? null : await contact(idField, customerId)) ??
      (email === null ? null : await contact('Email', email)),

    addNote(profileId, note) {
      const subject = subjectOf(note);
      const find = async () => {
        const connection = await connected();
        const where = `WhoId = ${soqlText(profileId)} AND Subject = ${soqlText(subject)}`;
        const answer = await connection.query(`SELECT Id FROM Task WHERE ${where} LIMIT 1`);
        return documented('Salesforce', tasks, answer).records[0]?.Id ?? null;
      };
      const add = async () => {
        const connection = await connected();
        const answer = await connection.sobject('Task').create({
          WhoId: profileId,
          Subject: subject,
          Description: outgoing(note.text, MAX_NOTE_BYTES),
          ActivityDate: note.at.toISOString().slice(0, 10),
          Status: 'Completed',
        });
        return documented('Salesforce', saved, answer).id;
      };
      return once(find, add);
    },
  };
};

const subjectOf = (note: Note): string => `Conversation: ${note.kind.slice(0, 100)} [${portableKey(noteKey(note))}]`;
