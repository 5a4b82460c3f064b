// Channels, drivers and stores for the type tests, as packages would declare them. All of the workspace's tests share
// one ReachChannels, so they have names that no channel package takes.
import type { Channel, Outbox, Store } from '../../src/spec/index.js'

export interface MailContent {
  subject: string
  html?: string
  text?: string
}
export interface TextContent {
  text: string
  vendors?: {
    acme?: { template: string; params?: Record<string, string> }
    zenith?: { template: string; params?: readonly string[] }
  }
}
export interface FeedContent {
  title: string
  body: string
}

declare global {
  interface ReachChannels {
    mail: Channel<'mail', string, MailContent>
    text: Channel<'text', string, TextContent>
    feed: Channel<'feed', string, FeedContent>
  }
}

export declare function smtp(options: { url: string; from: string }): Channel<'mail', string, MailContent>
export declare function acme(options: { key: string }): Channel<'text', string, TextContent, 'acme'>
export declare function zenith(options: { key: string }): Channel<'text', string, TextContent, 'zenith'>
export declare function feed(): Channel<'feed', string, FeedContent>

export interface SqlTransaction {
  query(sql: string): Promise<unknown>
}
export declare function sqlite(path: string): Store<SqlTransaction>
export declare function memory(): Store
export declare function outbox(): Outbox<SqlTransaction>
