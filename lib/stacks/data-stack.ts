import { Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { ALARMING, AlarmTopic } from '#lib/constructs/alarm-topic.ts';
import { MirrorTable } from '#lib/constructs/mirror-table.ts';
import { logsMayEncrypt, mayPublish, ProductKey } from '#lib/constructs/product-key.ts';
import { TableArchive } from '#lib/constructs/table-archive.ts';
import type { Stage } from '#lib/stage.ts';

export interface DataStackProps extends StackProps {
  /** What the names of all stacks begin with; the log key serves log groups of these stacks only. */
  readonly stackPrefix: string;
  readonly stage: Stage;
}

/** What outlives every deployment: the table, the keys, the event bus and the topic that alarms report to. */
export class DataStack extends Stack {
  readonly tableKey: ProductKey;
  readonly credentialsKey: ProductKey;
  readonly operationsKey: ProductKey;
  readonly alarms: AlarmTopic;
  readonly mirror: MirrorTable;
  readonly eventBus: EventBus;

  constructor(scope: Construct, id: string, props: DataStackProps) {
    const { stackPrefix, stage, ...stackProps } = props;
    super(scope, id, stackProps);
    this.tableKey = new ProductKey(this, 'TableKey', { description: 'Protiv: the table and its stream' });
    this.credentialsKey = new ProductKey(this, 'CredentialsKey', { description: 'Protiv: credentials of source systems' });
    this.operationsKey = new ProductKey(this, 'OperationsKey', {
      description: 'Protiv: logs and alarms',
      serviceStatements: [logsMayEncrypt(stackPrefix), mayPublish(ALARMING)],
    });
    this.alarms = new AlarmTopic(this, 'Alarms', { encryptionKey: this.operationsKey, stage });
    this.mirror = new MirrorTable(this, 'Mirror', { encryptionKey: this.tableKey, alarms: this.alarms });
    if (stage.archiveYears !== undefined)
      new TableArchive(this, 'Archive', {
        table: this.mirror.table,
        tableKey: this.tableKey,
        years: stage.archiveYears,
        alarms: this.alarms,
      });
    this.eventBus = new EventBus(this, 'Events', { description: 'Protiv: resync requests' });
  }
}
