-- Who an organization is at Stripe, and the subscription that its plan rests on.
ALTER TABLE organizations ADD COLUMN stripe_customer TEXT;
ALTER TABLE organizations ADD COLUMN stripe_subscription TEXT;
