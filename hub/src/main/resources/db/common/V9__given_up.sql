-- What was given up is looked through at each start.
CREATE INDEX deliveries_given_up ON deliveries (target) WHERE retired = 1 AND shown < wanted;
