"""customers and rights

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

import store.types

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def _link(column: str) -> None:
    """A column of `customer` that names another customer; SQLite adds it with its constraint or not at all."""
    name = f"fk_customer_{column}"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"ALTER TABLE customer ADD COLUMN {column} INTEGER CONSTRAINT {name} REFERENCES customer (id)")
        return
    op.add_column("customer", sa.Column(column, sa.BigInteger(), nullable=True))
    op.create_foreign_key(name, "customer", "customer", [column], ["id"])


def _create_activity_search() -> None:
    """The bigram index of what was told: FTS5 without its text on SQLite, an array under GIN on PostgreSQL."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE activity_search"
            " USING fts5(grams, content='', tokenize='unicode61', detail=none)"
        )
        return
    op.execute(
        "CREATE TABLE activity_search"
        " (activity_id bigint PRIMARY KEY, ordinal bigint NOT NULL, grams text[] NOT NULL)"
    )
    op.execute("CREATE INDEX ix_activity_search_grams ON activity_search USING gin (grams)")


def upgrade() -> None:
    _create_activity_search()
    op.create_table('action_right',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('action', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('allowed', sa.Boolean(), nullable=True),
    sa.Column('updated_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_action_right')),
    sa.UniqueConstraint('role', 'action', name=op.f('uq_action_right_role_action'))
    )
    op.create_table('custom_field',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('object', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('label', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('label_norm', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('options', sa.JSON(), nullable=False),
    sa.Column('formula', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('target', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('archived_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custom_field')),
    sa.UniqueConstraint('object', 'key', name=op.f('uq_custom_field_object_key'))
    )
    with op.batch_alter_table('custom_field', schema=None) as batch_op:
        batch_op.create_index('uq_custom_field_object_label_norm', ['object', 'label_norm'], unique=True, sqlite_where=sa.text('archived_at IS NULL'), postgresql_where=sa.text('archived_at IS NULL'))

    op.create_table('custom_object',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('name_norm', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('prefix', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('with_customer', sa.Boolean(), nullable=False),
    sa.Column('roles', sa.JSON(), nullable=False),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('archived_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custom_object')),
    sa.UniqueConstraint('key', name=op.f('uq_custom_object_key')),
    sa.UniqueConstraint('prefix', name=op.f('uq_custom_object_prefix'))
    )
    op.create_table('field_right',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('object', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('field', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('right', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('updated_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_field_right')),
    sa.UniqueConstraint('role', 'object', 'field', name=op.f('uq_field_right_role_object_field'))
    )
    op.create_table('role_scope',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('role', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('object', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('verb', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('scope', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('departments', sa.JSON(), nullable=False),
    sa.Column('updated_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_role_scope')),
    sa.UniqueConstraint('role', 'object', 'verb', name=op.f('uq_role_scope_role_object_verb'))
    )
    op.create_table('send_window',
    sa.Column('key', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('starts', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('used', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('key', 'starts', name=op.f('pk_send_window'))
    )
    op.create_table('tag',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('name_norm', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('rule', sa.JSON(), nullable=False),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('archived_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tag')),
    sa.UniqueConstraint('name_norm', name=op.f('uq_tag_name_norm'))
    )
    op.create_table('away',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deputy_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('until_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('inbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ended_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['deputy_id'], ['member.id'], name=op.f('fk_away_deputy_id')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_away_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_away'))
    )
    with op.batch_alter_table('away', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_away_deputy_id'), ['deputy_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_away_inbox_id'), ['inbox_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_away_member_id'), ['member_id'], unique=False)

    op.create_table('collaborator',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('object', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('object_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('right', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('expires_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('granted_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('inbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_collaborator_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collaborator'))
    )
    with op.batch_alter_table('collaborator', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_collaborator_inbox_id'), ['inbox_id'], unique=False)
        batch_op.create_index('ix_collaborator_member_id_object', ['member_id', 'object', 'object_id'], unique=False)
        batch_op.create_index('ix_collaborator_object_object_id', ['object', 'object_id'], unique=False)
        batch_op.create_index('uq_collaborator_object_object_id_member_id', ['object', 'object_id', 'member_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('config_version',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('object', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('object_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.Column('words', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('inbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_config_version_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_config_version'))
    )
    with op.batch_alter_table('config_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_config_version_inbox_id'), ['inbox_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_config_version_member_id'), ['member_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_config_version_object_id'), ['object_id'], unique=False)

    op.create_table('custom_value',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('field_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('object_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('value_norm', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('value_number', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['field_id'], ['custom_field.id'], name=op.f('fk_custom_value_field_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custom_value'))
    )
    with op.batch_alter_table('custom_value', schema=None) as batch_op:
        batch_op.create_index('ix_custom_value_field_id_value_norm', ['field_id', 'value_norm', 'object_id'], unique=False)
        batch_op.create_index('ix_custom_value_field_id_value_number', ['field_id', 'value_number', 'object_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_custom_value_object_id'), ['object_id'], unique=False)

    op.create_table('feed_setting',
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('mode', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('seen_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sent_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('updated_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_feed_setting_member_id')),
    sa.PrimaryKeyConstraint('member_id', name=op.f('pk_feed_setting'))
    )
    op.create_table('handover',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('manager_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('inbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('done_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['manager_id'], ['member.id'], name=op.f('fk_handover_manager_id')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_handover_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover'))
    )
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handover_inbox_id'), ['inbox_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handover_manager_id'), ['manager_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_handover_member_id'), ['member_id'], unique=False)

    op.create_table('asset',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('model', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('serial', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('installed_on', sa.Date(), nullable=True),
    sa.Column('warranty_until', sa.Date(), nullable=True),
    sa.Column('note', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('ext', sa.JSON(), nullable=False),
    sa.Column('inbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('archived_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_asset_customer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asset')),
    sa.UniqueConstraint('number', name=op.f('uq_asset_number'))
    )
    with op.batch_alter_table('asset', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_asset_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_asset_inbox_id'), ['inbox_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_asset_serial'), ['serial'], unique=False)

    op.create_table('custom_record',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('object_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('title', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('ext', sa.JSON(), nullable=False),
    sa.Column('inbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('archived_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_custom_record_customer_id')),
    sa.ForeignKeyConstraint(['object_id'], ['custom_object.id'], name=op.f('fk_custom_record_object_id')),
    sa.ForeignKeyConstraint(['owner_id'], ['member.id'], name=op.f('fk_custom_record_owner_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_custom_record')),
    sa.UniqueConstraint('number', name=op.f('uq_custom_record_number'))
    )
    with op.batch_alter_table('custom_record', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_custom_record_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_custom_record_inbox_id'), ['inbox_id'], unique=False)
        batch_op.create_index('ix_custom_record_object_id_owner_id', ['object_id', 'owner_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_custom_record_owner_id'), ['owner_id'], unique=False)

    op.create_table('group_topic',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('platform', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('app', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('conversation', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('inbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_group_topic_customer_id')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_group_topic_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_group_topic'))
    )
    with op.batch_alter_table('group_topic', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_group_topic_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_topic_inbox_id'), ['inbox_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_group_topic_member_id'), ['member_id'], unique=False)
        batch_op.create_index('uq_group_topic_conversation', ['platform', 'app', 'conversation'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('handover_item',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('handover_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('object', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('object_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('to_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.ForeignKeyConstraint(['handover_id'], ['handover.id'], name=op.f('fk_handover_item_handover_id')),
    sa.ForeignKeyConstraint(['to_id'], ['member.id'], name=op.f('fk_handover_item_to_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handover_item')),
    sa.UniqueConstraint('handover_id', 'object', 'object_id', name=op.f('uq_handover_item_handover_id_object_object_id'))
    )
    with op.batch_alter_table('handover_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handover_item_to_id'), ['to_id'], unique=False)

    op.create_table('tagging',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('tag_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('auto', sa.Boolean(), nullable=False),
    sa.Column('reason', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('archived_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_tagging_customer_id')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_tagging_member_id')),
    sa.ForeignKeyConstraint(['tag_id'], ['tag.id'], name=op.f('fk_tagging_tag_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tagging'))
    )
    with op.batch_alter_table('tagging', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_tagging_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_tagging_member_id'), ['member_id'], unique=False)
        batch_op.create_index('ix_tagging_tag_id_id', ['tag_id', 'id'], unique=False)
        batch_op.create_index('uq_tagging_customer_id_tag_id', ['customer_id', 'tag_id'], unique=True, sqlite_where=sa.text('archived_at IS NULL'), postgresql_where=sa.text('archived_at IS NULL'))

    op.create_table('customer_identity',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('value', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('value_norm', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('customer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('contact_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('archived_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_customer_identity_contact_id')),
    sa.ForeignKeyConstraint(['customer_id'], ['customer.id'], name=op.f('fk_customer_identity_customer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_customer_identity'))
    )
    with op.batch_alter_table('customer_identity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_customer_identity_contact_id'), ['contact_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_identity_customer_id'), ['customer_id'], unique=False)
        batch_op.create_index('uq_customer_identity_kind_value_norm', ['kind', 'value_norm'], unique=True, sqlite_where=sa.text('archived_at IS NULL'), postgresql_where=sa.text('archived_at IS NULL'))

    op.create_table('attachment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('activity_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('platform', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('app', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('kind', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('name', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('reference', sa.JSON(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('path', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('digest', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('size', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('last_error', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('due_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('lease_until', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.Column('inbox_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('archived_at', store.types.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_attachment_activity_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attachment'))
    )
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attachment_activity_id'), ['activity_id'], unique=False)
        batch_op.create_index('ix_attachment_due_at', ['due_at'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.create_index(batch_op.f('ix_attachment_inbox_id'), ['inbox_id'], unique=False)

    op.create_table('mention',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('activity_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('created_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['activity_id'], ['activity.id'], name=op.f('fk_mention_activity_id')),
    sa.ForeignKeyConstraint(['member_id'], ['member.id'], name=op.f('fk_mention_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mention')),
    sa.UniqueConstraint('activity_id', 'member_id', name=op.f('uq_mention_activity_id_member_id'))
    )
    with op.batch_alter_table('mention', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mention_member_id'), ['member_id'], unique=False)

    op.create_table('external_transfer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('handover_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('follow_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_userid', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('to_userid', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('external_id', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('app', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('state', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('code', sa.Integer(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('due_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_at', store.types.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['follow_id'], ['external_follow.id'], name=op.f('fk_external_transfer_follow_id')),
    sa.ForeignKeyConstraint(['handover_id'], ['handover.id'], name=op.f('fk_external_transfer_handover_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_external_transfer'))
    )
    with op.batch_alter_table('external_transfer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_external_transfer_follow_id'), ['follow_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_external_transfer_handover_id'), ['handover_id'], unique=False)
        batch_op.create_index('ix_external_transfer_state', ['state', 'due_at'], unique=False)

    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('ext', sa.JSON(), nullable=False, server_default='{}'))

    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('email', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('wechat', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('likes', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('ext', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.create_index('ix_contact_name', ['name'], unique=False)

    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lifecycle', sqlmodel.sql.sqltypes.AutoString(), nullable=False, server_default=''))
        _link("parent_id")
        _link("referrer_id")
        _link("merged_into_id")
        batch_op.add_column(sa.Column('ext', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.create_index(batch_op.f('ix_customer_merged_into_id'), ['merged_into_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_parent_id'), ['parent_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_customer_referrer_id'), ['referrer_id'], unique=False)

    with op.batch_alter_table('customer_alias', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_customer_alias_alias_norm'), ['alias_norm'], unique=False)

    with op.batch_alter_table('event_log', schema=None) as batch_op:
        batch_op.create_index('ix_event_log_revealed', ['id'], unique=False, sqlite_where=sa.text("type = 'revealed'"), postgresql_where=sa.text("type = 'revealed'"))
        batch_op.create_index('ix_event_log_undone_by', ['undone_by'], unique=False, sqlite_where=sa.text('undone_by IS NOT NULL'), postgresql_where=sa.text('undone_by IS NOT NULL'))

    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.add_column(sa.Column('preferred_at', store.types.UtcDateTime(timezone=True), nullable=True))



def downgrade() -> None:
    op.execute("DROP TABLE activity_search")
    with op.batch_alter_table('identity', schema=None) as batch_op:
        batch_op.drop_column('preferred_at')

    with op.batch_alter_table('event_log', schema=None) as batch_op:
        batch_op.drop_index('ix_event_log_undone_by', sqlite_where=sa.text('undone_by IS NOT NULL'), postgresql_where=sa.text('undone_by IS NOT NULL'))
        batch_op.drop_index('ix_event_log_revealed', sqlite_where=sa.text("type = 'revealed'"), postgresql_where=sa.text("type = 'revealed'"))

    with op.batch_alter_table('customer_alias', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_customer_alias_alias_norm'))

    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_customer_referrer_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_customer_parent_id'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_customer_merged_into_id'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_customer_referrer_id'))
        batch_op.drop_index(batch_op.f('ix_customer_parent_id'))
        batch_op.drop_index(batch_op.f('ix_customer_merged_into_id'))
        batch_op.drop_column('ext')
        batch_op.drop_column('merged_into_id')
        batch_op.drop_column('referrer_id')
        batch_op.drop_column('parent_id')
        batch_op.drop_column('lifecycle')

    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.drop_index('ix_contact_name')
        batch_op.drop_column('ext')
        batch_op.drop_column('likes')
        batch_op.drop_column('wechat')
        batch_op.drop_column('email')
        batch_op.drop_column('role')

    with op.batch_alter_table('activity', schema=None) as batch_op:
        batch_op.drop_column('ext')

    with op.batch_alter_table('external_transfer', schema=None) as batch_op:
        batch_op.drop_index('ix_external_transfer_state')
        batch_op.drop_index(batch_op.f('ix_external_transfer_handover_id'))
        batch_op.drop_index(batch_op.f('ix_external_transfer_follow_id'))

    op.drop_table('external_transfer')
    with op.batch_alter_table('mention', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mention_member_id'))

    op.drop_table('mention')
    with op.batch_alter_table('attachment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attachment_inbox_id'))
        batch_op.drop_index('ix_attachment_due_at', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index(batch_op.f('ix_attachment_activity_id'))

    op.drop_table('attachment')
    with op.batch_alter_table('customer_identity', schema=None) as batch_op:
        batch_op.drop_index('uq_customer_identity_kind_value_norm', sqlite_where=sa.text('archived_at IS NULL'), postgresql_where=sa.text('archived_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_customer_identity_customer_id'))
        batch_op.drop_index(batch_op.f('ix_customer_identity_contact_id'))

    op.drop_table('customer_identity')
    with op.batch_alter_table('tagging', schema=None) as batch_op:
        batch_op.drop_index('uq_tagging_customer_id_tag_id', sqlite_where=sa.text('archived_at IS NULL'), postgresql_where=sa.text('archived_at IS NULL'))
        batch_op.drop_index('ix_tagging_tag_id_id')
        batch_op.drop_index(batch_op.f('ix_tagging_member_id'))
        batch_op.drop_index(batch_op.f('ix_tagging_customer_id'))

    op.drop_table('tagging')
    with op.batch_alter_table('handover_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_handover_item_to_id'))

    op.drop_table('handover_item')
    with op.batch_alter_table('group_topic', schema=None) as batch_op:
        batch_op.drop_index('uq_group_topic_conversation', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_group_topic_member_id'))
        batch_op.drop_index(batch_op.f('ix_group_topic_inbox_id'))
        batch_op.drop_index(batch_op.f('ix_group_topic_customer_id'))

    op.drop_table('group_topic')
    with op.batch_alter_table('custom_record', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_custom_record_owner_id'))
        batch_op.drop_index('ix_custom_record_object_id_owner_id')
        batch_op.drop_index(batch_op.f('ix_custom_record_inbox_id'))
        batch_op.drop_index(batch_op.f('ix_custom_record_customer_id'))

    op.drop_table('custom_record')
    with op.batch_alter_table('asset', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_asset_serial'))
        batch_op.drop_index(batch_op.f('ix_asset_inbox_id'))
        batch_op.drop_index(batch_op.f('ix_asset_customer_id'))

    op.drop_table('asset')
    with op.batch_alter_table('handover', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_handover_member_id'))
        batch_op.drop_index(batch_op.f('ix_handover_manager_id'))
        batch_op.drop_index(batch_op.f('ix_handover_inbox_id'))

    op.drop_table('handover')
    op.drop_table('feed_setting')
    with op.batch_alter_table('custom_value', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_custom_value_object_id'))
        batch_op.drop_index('ix_custom_value_field_id_value_number')
        batch_op.drop_index('ix_custom_value_field_id_value_norm')

    op.drop_table('custom_value')
    with op.batch_alter_table('config_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_config_version_object_id'))
        batch_op.drop_index(batch_op.f('ix_config_version_member_id'))
        batch_op.drop_index(batch_op.f('ix_config_version_inbox_id'))

    op.drop_table('config_version')
    with op.batch_alter_table('collaborator', schema=None) as batch_op:
        batch_op.drop_index('uq_collaborator_object_object_id_member_id', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('ix_collaborator_object_object_id')
        batch_op.drop_index('ix_collaborator_member_id_object')
        batch_op.drop_index(batch_op.f('ix_collaborator_inbox_id'))

    op.drop_table('collaborator')
    with op.batch_alter_table('away', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_away_member_id'))
        batch_op.drop_index(batch_op.f('ix_away_inbox_id'))
        batch_op.drop_index(batch_op.f('ix_away_deputy_id'))

    op.drop_table('away')
    op.drop_table('tag')
    op.drop_table('send_window')
    op.drop_table('role_scope')
    op.drop_table('field_right')
    op.drop_table('custom_object')
    with op.batch_alter_table('custom_field', schema=None) as batch_op:
        batch_op.drop_index('uq_custom_field_object_label_norm', sqlite_where=sa.text('archived_at IS NULL'), postgresql_where=sa.text('archived_at IS NULL'))

    op.drop_table('custom_field')
    op.drop_table('action_right')
