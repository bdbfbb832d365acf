package dev.kumite.oci;

import static dev.kumite.oci.Problems.readValue;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecWriterTest {

    private static Resources resources(String json) {
        return readValue(
                        SpecReader.readPlain(
                                "{\"linux\":{\"resources\":" + json.replace('\'', '"') + "}}",
                                "config.json"))
                .linux()
                .orElseThrow()
                .resources()
                .orElseThrow();
    }

    @Test
    void leavesOutWhatIsEmpty() {
        assertThat(SpecWriter.write(Spec.empty())).isEqualTo("{\"ociVersion\":\"\"}");
    }

    @Test
    void keepsWhatTheSpecificationDemands() {
        String json =
                """
                {"process":{},"root":{},"mounts":[{}],"hooks":{"poststop":[{}]},"vm":{"kernel":{},"image":{}},
                 "linux":{"namespaces":[{}],"devices":[{}],"uidMappings":[{}],
                 "seccomp":{"syscalls":[{"args":[{}]}]}}}
                """;

        assertThat(SpecWriter.write(readValue(SpecReader.readPlain(json, "config.json"))))
                .isEqualTo(
                        "{\"ociVersion\":\"\",\"process\":{\"user\":{\"uid\":0,\"gid\":0},\"cwd\":\"\"},"
                                + "\"root\":{\"path\":\"\"},\"mounts\":[{\"destination\":\"\"}],"
                                + "\"hooks\":{\"poststop\":[{\"path\":\"\"}]},"
                                + "\"linux\":{\"uidMappings\":[{\"containerID\":0,\"hostID\":0,\"size\":0}],"
                                + "\"namespaces\":[{\"type\":\"\"}],"
                                + "\"devices\":[{\"path\":\"\",\"type\":\"\",\"major\":0,\"minor\":0}],"
                                + "\"seccomp\":{\"defaultAction\":\"\",\"syscalls\":[{\"names\":[],\"action\":\"\","
                                + "\"args\":[{\"index\":0,\"value\":0,\"op\":\"\"}]}]}},"
                                + "\"vm\":{\"kernel\":{\"path\":\"\"},\"image\":{\"path\":\"\",\"format\":\"\"}}}");
    }

    @Test
    void keepsTheOrderOfMaps() {
        Map<String, String> annotations = new LinkedHashMap<>();
        annotations.put("z", "1");
        annotations.put("a", "\"\n\u0001é\uD83D\uDE00");
        Spec spec =
                new Spec(
                        "1.2.0",
                        Optional.empty(),
                        Optional.empty(),
                        "",
                        "",
                        List.of(),
                        Optional.empty(),
                        annotations,
                        Optional.empty(),
                        Optional.empty());

        assertThat(SpecWriter.write(spec))
                .isEqualTo(
                        "{\"ociVersion\":\"1.2.0\",\"annotations\":{\"z\":\"1\","
                                + "\"a\":\"\\\"\\n\\u0001é\uD83D\uDE00\"}}");
    }

    @Test
    void writesCapabilitiesWithoutEmptySets() {
        Capabilities capabilities =
                new Capabilities(
                        List.of("CAP_KILL"), List.of(), List.of(), List.of(), List.of("CAP_A", ""));

        assertThat(SpecWriter.capabilities(capabilities))
                .isEqualTo("{\"bounding\":[\"CAP_KILL\"],\"ambient\":[\"CAP_A\",\"\"]}");
        assertThat(SpecWriter.capabilities(Capabilities.empty())).isEqualTo("{}");
    }

    @Nested
    class ResourcesForKata {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "{'memory':{}} | {}",
                    "{'memory':{'checkBeforeUpdate':true}} | {}",
                    "{'memory':{'limit':0,'useHierarchy':false}} | {'memory':{'limit':0,'useHierarchy':false}}",
                    "{'cpu':{'burst':5,'idle':1}} | {}",
                    "{'cpu':{'quota':0,'cpus':''}} | {'cpu':{'quota':0}}",
                    "{'pids':{}} | {'pids':{'limit':0}}",
                    "{'pids':{'limit':-1}} | {'pids':{'limit':-1}}",
                    "{'blockIO':{'weightDevice':[]}} | {}",
                    "{'blockIO':{'weight':0}} | {'blockIO':{'weight':0}}",
                    "{'blockIO':{'weightDevice':[{}]}} | {'blockIO':{'weightDevice':[{'major':0,'minor':0}]}}",
                    "{'devices':[{}]} | {'devices':[{'allow':false}]}",
                    "{'devices':[{'major':0}]} | {'devices':[{'allow':false,'major':0}]}",
                    "{'network':{'priorities':[]}} | {}",
                    "{'network':{'classID':0}} | {'network':{'classID':0}}",
                    "{'hugepageLimits':[{}]} | {'hugepageLimits':[{'pageSize':'','limit':0}]}",
                    "{'rdma':{'a':{'hcaHandles':0}}} | {'rdma':{'a':{'hcaHandles':0}}}",
                    "{'rdma':{},'unified':{}} | {}",
                    "{'unified':{'a':''}} | {'unified':{'a':''}}"
                })
        void holdWhatIsThereAndNothingElse(String json, String expected) {
            assertThat(SpecWriter.kataResources(resources(json)))
                    .isEqualTo(expected.replace('\'', '"'));
        }

        @Test
        void lackTheMembersThatAreYounger() {
            Spec everything = readValue(SpecReader.read(Documents.everything(), "everything.json"));
            Resources resources = everything.linux().orElseThrow().resources().orElseThrow();

            String whole = SpecWriter.resources(resources);

            assertThat(SpecWriter.kataResources(resources))
                    .isEqualTo(
                            whole.replace(",\"checkBeforeUpdate\":true", "")
                                    .replace(",\"burst\":7", "")
                                    .replace(",\"idle\":1", ""));
        }
    }
}
