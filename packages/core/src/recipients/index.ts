export { bookDirectory } from './book-directory.js'
export { createRecipients } from './create-recipients.js'
export type {
  BookRecipient,
  RecipientFilter,
  RecipientList,
  RecipientPage,
  RecipientSource,
  Recipients,
  RecipientsUpserted,
  TenantOption,
  UpsertOptions,
} from './types.js'
