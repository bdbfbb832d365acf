package dev.kumite.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SettingsTest {

    @Test
    void everyFieldStartsWithItsZeroByDefault() {
        Settings<HypervisorConfig> settings = Settings.builder(HypervisorConfig.SCHEMA).build();

        for (Field<HypervisorConfig, ?> field : HypervisorConfig.SCHEMA.fields()) {
            assertThat(settings.isZero(field)).as(field.toString()).isTrue();
            assertThat(settings.origin(field)).isEqualTo(Origin.DEFAULT);
        }
    }

    @Test
    void aBuilderThatGoesOnLeavesWhatItBuiltAlone() {
        Settings.Builder<AgentConfig> builder = Settings.builder(AgentConfig.SCHEMA);
        Settings<AgentConfig> before = builder.build();

        Settings<AgentConfig> after =
                builder.set(AgentConfig.TRACE, true, new Origin.Argument("x")).build();

        assertThat(before.get(AgentConfig.TRACE)).isFalse();
        assertThat(after.get(AgentConfig.TRACE)).isTrue();
        assertThat(before.toBuilder().build()).isEqualTo(before).isNotEqualTo(after);
    }

    @Test
    void areEqualByValueAndNotByOrigin() {
        Settings<AgentConfig> one =
                Settings.builder(AgentConfig.SCHEMA)
                        .set(AgentConfig.DEBUG, true, new Origin.Annotation("a"))
                        .build();
        Settings<AgentConfig> other =
                Settings.builder(AgentConfig.SCHEMA)
                        .set(AgentConfig.DEBUG, true, Origin.DEFAULT)
                        .build();

        assertThat(one)
                .isEqualTo(other)
                .hasSameHashCodeAs(other)
                .hasToString("AgentConfig[Debug=true]");
    }

    @Test
    void fieldNamesAreUniqueInEverySchema() {
        for (Schema<?> schema :
                List.of(
                        HypervisorConfig.SCHEMA,
                        AgentConfig.SCHEMA,
                        NetworkConfig.SCHEMA,
                        FactoryConfig.SCHEMA,
                        RuntimeFields.SCHEMA,
                        SandboxFields.SCHEMA,
                        SandboxResources.SCHEMA)) {
            Set<String> names = new HashSet<>();
            schema.fields()
                    .forEach(field ->
                            assertThat(names.add(field.name())).as(field.toString()).isTrue());
        }
    }

    @Test
    void aDraftTakesNoFieldsOfTheFactory() {
        SandboxDraft draft = new SandboxDraft(TestRuntime.open());

        assertThatThrownBy(() -> draft.get(FactoryConfig.TEMPLATE))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
