import type { Browser, Page } from 'playwright-core';
import { customers } from '../../local/acme/customers.ts';
import { identityOf } from '../../local/identity.ts';
import type { Rig } from '../system/rig.ts';

/** The page as a customer of the sample company has it who came, signed in, from the shop's own page. */
export const openAs = async (browser: Browser, rig: Rig, id: string): Promise<Page> => {
  const customer = customers.find((one) => one.id === id);
  if (!customer) throw new Error(`the sample company has lost ${id}`);
  const page = await browser.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${rig.gateways[0]?.url}/#identity=${await identityOf(customer, rig.identitySecret)}`);
  await page.getByText(`Signed in as ${customer.name}`).waitFor();
  return page;
};

export const say = async (page: Page, text: string): Promise<void> => {
  await page.fill('#text', text);
  await page.keyboard.press('Enter');
};

/** Resolves when the conversation shows it. */
export const told = (page: Page, text: RegExp | string): Promise<void> =>
  page.getByRole('log').getByText(text).first().waitFor();
