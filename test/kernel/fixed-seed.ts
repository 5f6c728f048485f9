import fc from 'fast-check';

// A run tests the same values every time, so that a red build is red for everybody. Set FC_SEED to look further.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_260_301) });
