/**
 * A text as a SOQL literal. jsforce's own (3.10) leaves backslashes alone, so that `\'` would end the literal early and
 * the rest of the text would be read as a condition.
 */
export const soqlText = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** Names of fields and objects come from configuration; anything else would change the query. */
export const soqlName = (name: string): string => {
  if (/^[A-Za-z]\w{0,79}(\.[A-Za-z]\w{0,79})?$/.test(name)) return name;
  throw new Error(`"${name}" must be the API name of a Salesforce field, like Customer_Id__c`);
};
