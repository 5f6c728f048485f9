import { Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import { AlarmTopic } from '#lib/constructs/alarm-topic.ts';
import { MirrorTable } from '#lib/constructs/mirror-table.ts';
import { alarmsMayPublish, logsMayEncrypt, ProductKey } from '#lib/constructs/product-key.ts';

export interface DataStackProps extends StackProps {
  /** What the names of all stacks begin with; the log key serves log groups of these stacks only. */
  readonly stackPrefix: string;
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
    const { stackPrefix, ...stackProps } = props;
    super(scope, id, stackProps);
    this.tableKey = new ProductKey(this, 'TableKey', { description: 'Protiv: the table and its stream' });
    this.credentialsKey = new ProductKey(this, 'CredentialsKey', { description: 'Protiv: credentials of source systems' });
    this.operationsKey = new ProductKey(this, 'OperationsKey', {
      description: 'Protiv: logs and alarms',
      serviceStatements: [logsMayEncrypt(stackPrefix), alarmsMayPublish()],
    });
    this.alarms = new AlarmTopic(this, 'Alarms', { encryptionKey: this.operationsKey });
    this.mirror = new MirrorTable(this, 'Mirror', { encryptionKey: this.tableKey, alarms: this.alarms });
    this.eventBus = new EventBus(this, 'Events', { description: 'Protiv: resync requests' });
  }
}
