-- Every decision quotes the covenant that was in force, a refusal too; those from before this column do not.

ALTER TABLE refusal ADD COLUMN covenant TEXT;
