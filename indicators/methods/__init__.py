"""Statistical methods: intervals of counts and rates, and population denominators."""
