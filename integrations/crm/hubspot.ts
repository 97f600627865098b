import {
  AssociationSpecAssociationCategoryEnum,
  BasicApi,
  createConfiguration,
  ResponseContext,
  ServerConfiguration,
  wrapHttpLibrary,
} from '@hubspot/api-client/lib/codegen/crm/objects/index.js';
import { z } from 'zod';
import { once, portableKey } from '../once.ts';
import type { Outbound } from '../outbound.ts';
import { outgoing, toHtml } from '../outgoing-text.ts';
import { createRemoteApi, documented, orNull, type RemoteApi } from '../remote-api.ts';
import { type Crm, noteKey } from './crm.ts';
import { type ProfileFields, toProfile } from './profile.ts';

/** `hs_note_body` holds 65,536 characters of HTML, and HTML is five times as long as its text at most. */
const MAX_NOTE_BYTES = 13_000;

/** HubSpot's own id for "note to contact". */
const NOTE_TO_CONTACT = 202;

/** A property of notes with unique values, made once per account: it is what makes a note happen once. */
const NOTE_KEY = 'duradesk_key';

export type HubSpotOptions = {
  accessToken: string;
  /** Property names; `customerId` must be a property with unique values. */
  fields: ProfileFields;
  baseUrl?: string;
  outbound: Outbound;
  timeoutMs?: number;
};

const record = z.object({ id: z.string().min(1), properties: z.record(z.string(), z.unknown()) });

/**
 * HubSpot's CRM. Records are read by unique properties and never searched: search lags behind writes by seconds. Of the
 * package only the generated object API is loaded, over our own transport, so that its retries and redirects stay out.
 */
export const createHubSpotCrm = ({
  accessToken,
  fields,
  baseUrl = 'https://api.hubapi.com',
  outbound,
  timeoutMs,
}: HubSpotOptions): Crm => {
  const remote = createRemoteApi({ name: 'HubSpot', outbound, timeoutMs, origin: new URL(baseUrl).origin });
  const objects = new BasicApi(
    createConfiguration({
      baseServer: new ServerConfiguration(baseUrl, {}),
      authMethods: { oauth2: { accessToken } },
      httpApi: transportOver(remote),
    }),
  );

  const read = async (type: string, id: string, idProperty: string, properties: string[]) => {
    const found = await orNull(objects.getById(type, id, properties, undefined, undefined, false, idProperty));
    return found === null ? null : documented('HubSpot', record, found);
  };

  const { customerId: idField, language = 'hs_language', tier, facts } = fields;
  const wanted = ['firstname', 'lastname', 'email', language, ...(tier ? [tier] : []), ...facts];

  const contact = async (id: string, idProperty: string) => {
    const found = await read('contacts', id, idProperty, wanted);
    if (!found) return null;
    const { properties } = found;
    return toProfile({
      id: found.id,
      name: [properties.firstname, properties.lastname].filter(Boolean).join(' '),
      email: properties.email,
      language: properties[language],
      tier: tier ? properties[tier] : null,
      facts: Object.fromEntries(facts.map((fact) => [fact, properties[fact]])),
    });
  };

  return {
    find: async ({ customerId, email }) =>
      (customerId === null ? null : await contact(customerId, idField)) ??
      (email === null ? null : await contact(email, 'email')),

    addNote(profileId, note) {
      const key = portableKey(noteKey(note));
      const find = async () => (await read('notes', key, NOTE_KEY, []))?.id ?? null;
      const add = async () => {
        const created = await objects.create('notes', {
          properties: {
            [NOTE_KEY]: key,
            hs_timestamp: note.at.toISOString(),
            hs_note_body: toHtml(outgoing(note.text, MAX_NOTE_BYTES)),
          },
          associations: [{ to: { id: profileId }, types: [ON_CONTACT] }],
        });
        return documented('HubSpot', record, created).id;
      };
      return once(find, add);
    },
  };
};

const ON_CONTACT = {
  associationCategory: AssociationSpecAssociationCategoryEnum.HubspotDefined,
  associationTypeId: NOTE_TO_CONTACT,
};

const transportOver = (remote: RemoteApi) =>
  wrapHttpLibrary({
    async send(request) {
      const body = request.getBody();
      const answer = await remote.send({
        method: request.getHttpMethod(),
        url: request.getUrl(),
        headers: request.getHeaders(),
        ...(typeof body === 'string' ? { body } : {}),
      });
      return new ResponseContext(answer.status, Object.fromEntries(answer.headers), {
        text: async () => answer.text,
        binary: async () => Buffer.from(answer.text),
      });
    },
  });
