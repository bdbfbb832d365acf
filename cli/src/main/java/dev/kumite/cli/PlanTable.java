package dev.kumite.cli;

import dev.kumite.config.Explainer;
import dev.kumite.config.Explanation;
import dev.kumite.config.Plan;
import dev.kumite.oci.Outcome;

/** A plan as a table for people. */
final class PlanTable {

    private PlanTable() {}

    /** Writes each value of the plan that is not zero, with its origin; secrets are masked. */
    static void write(Outcome<Plan> plan, PlanInputs given, Console console) {
        Explanation explanation =
                Explainer.of(given.runtime(), given.host(), given.build())
                        .explain(given.spec(), given.request(), plan);
        SettingsTable table = SettingsTable.of(true);
        for (Explanation.Value value : explanation.values()) {
            table.add(value.field(), value.value(), value.origin());
        }
        table.write(console);
    }
}
