/**
 * The shop's own database, which plays a system that is not Duradesk's: a schema of its own, and the only SQL outside of
 * `store/`. Every statement may run again. Money is in cents of euro.
 */
export const schema = `
create schema if not exists acme;

create table if not exists acme.customers (
  id text primary key,
  name text not null,
  email text not null unique,
  language text not null,
  vip boolean not null
);

create table if not exists acme.addresses (
  customer_id text primary key references acme.customers,
  street text not null,
  postal_code text not null,
  city text not null,
  country text not null
);

create table if not exists acme.products (
  sku text primary key,
  name text not null,
  price_cents integer not null check (price_cents > 0),
  return_rule text not null check (return_rule in ('standard', 'sale', 'final'))
);

create table if not exists acme.orders (
  number text primary key,
  customer_id text not null references acme.customers,
  status text not null check (status in
    ('processing', 'packed', 'shipped', 'out_for_delivery', 'delivered', 'returned', 'cancelled')),
  placed_on date not null,
  shipped_on date,
  eta date,
  delivered_on date,
  carrier text,
  tracking text
);
create index if not exists orders_by_customer on acme.orders (customer_id, placed_on desc);

create table if not exists acme.order_lines (
  order_number text not null references acme.orders,
  sku text not null references acme.products,
  quantity integer not null check (quantity > 0),
  price_cents integer not null,
  primary key (order_number, sku)
);

create table if not exists acme.refunds (
  id bigint generated always as identity primary key,
  order_number text not null references acme.orders,
  amount_cents integer not null check (amount_cents > 0),
  reason text not null,
  idempotency_key text not null unique,
  created_at timestamptz not null default now()
);

alter table acme.refunds add column if not exists cancelled_at timestamptz;

create table if not exists acme.address_changes (
  request_id text primary key,
  order_number text not null references acme.orders,
  address text not null,
  created_at timestamptz not null default now()
);

create table if not exists acme.seeding (
  only_row boolean primary key default true check (only_row),
  seeded_on date not null
);
`;
